//! Who was there, her refusal, and what it did to her.

codes! {
    /// What a person had to do with the incident.
    Role in "role" {
        /// Who did it. (NSW; Suzy Lamplugh.)
        Perpetrator = "perpetrator",
        /// Who saw or heard it. (SPARC.)
        Witness = "witness",
        /// Who helped her. (SPARC: one trusted person.)
        Helper = "helper",
        /// Police, court or other office. (SPARC: officer and badge.)
        Official = "official",
        /// A child who was there or is concerned. (CJKH; CustodyLog.)
        Child = "child",
        /// Someone else it was done to. (S-DASH 2 and 7.)
        OtherVictim = "other_victim",
        /// Someone he used. (S-DASH 9.)
        UsedByHim = "used_by_him",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// What a person is to her.
    Relationship in "relationship" {
        /// Husband or partner. (NSW; Suzy Lamplugh.)
        Partner = "partner",
        /// Former husband or partner. (NSW; Suzy Lamplugh.)
        ExPartner = "ex_partner",
        /// A relative, his or hers. (NSW.)
        Relative = "relative",
        /// A colleague. (Suzy Lamplugh.)
        Colleague = "colleague",
        /// A superior at work. (Cases: compulsion by one she depends on.)
        Superior = "superior",
        /// A teacher. (SPARC: logs for campuses.)
        Teacher = "teacher",
        /// A neighbour. (Suzy Lamplugh.)
        Neighbour = "neighbour",
        /// Somebody she knows. (FollowIt: is he known?)
        Acquaintance = "acquaintance",
        /// Somebody she does not know. (FollowIt: is he known?)
        Stranger = "stranger",
        /// She does not know who it is. (NSW; cases: fake accounts.)
        Unknown = "unknown",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// Yes, no, or not known. An answer that was not given is absent.
    YesNo in "yes_no" {
        /// Yes. (CJKH: children present; 115-1: after the refusal.)
        Yes = "yes",
        /// No.
        No = "no",
        /// She does not know.
        Unknown = "unknown",
    }
}

codes! {
    /// How she told him to stop.
    RefusalHow in "refusal_how" {
        /// To his face. (115-1: against her will.)
        InPerson = "in_person",
        /// In a message. (115-1.)
        Message = "message",
        /// In a call. (115-1.)
        Call = "call",
        /// In a letter, a registered one for instance. (Lawyers' advice.)
        Letter = "letter",
        /// Through other people. (115-1.)
        ThroughOthers = "through_others",
        /// By blocking him. (Cases: the police advise to block him everywhere.)
        Block = "block",
        /// The police told him. (Cases.)
        PoliceWarning = "police_warning",
    }
}

codes! {
    /// What it did to her life. Article 115-1 asks for substantial harm.
    HarmKind in "harm_kind" {
        /// Fear. (S-DASH 1; FollowIt: how she felt.)
        Fear = "fear",
        /// Sleep. (Suzy Lamplugh: emotional effect; 115-1.)
        Sleep = "sleep",
        /// Health of body or mind. (VictimsVoice: medical visits; 115-1.)
        Health = "health",
        /// Days of work were missed. (115-1.)
        MissedWork = "missed_work",
        /// Days of study were missed. (115-1.)
        MissedStudy = "missed_study",
        /// Work was lost. (115-1.)
        LostJob = "lost_job",
        /// She moved. (115-1: freedom of movement.)
        Moved = "moved",
        /// She changed her number or accounts. (115-1.)
        ChangedNumber = "changed_number",
        /// She goes by other ways. (115-1: freedom of movement.)
        ChangedRoute = "changed_route",
        /// She goes out less, or not alone. (115-1: freedom of movement.)
        RestrictedMovement = "restricted_movement",
        /// It cost money. (115-1.)
        Cost = "cost",
        /// Her things. (S-DASH 3.)
        Property = "property",
        /// Her private life. (115-1: privacy.)
        Privacy = "privacy",
        /// Her children. (CJKH; CustodyLog.)
        Children = "children",
        /// She was cut off from others. (Lists.)
        Isolation = "isolation",
        /// Something else. (Ours.)
        Other = "other",
    }
}
