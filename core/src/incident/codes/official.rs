//! What she did, how dangerous it was, and what the authorities did.

codes! {
    /// What she did.
    Response in "response" {
        /// Nothing. (NSW.)
        None = "none",
        /// She told him to stop. (115-1: against her will.)
        ToldToStop = "told_to_stop",
        /// She blocked him. (Cases: the police advise it.)
        Blocked = "blocked",
        /// She left. (NSW.)
        Left = "left",
        /// She kept what could prove it. (NNEDV: save everything.)
        KeptEvidence = "kept_evidence",
        /// She told somebody. (SPARC: one trusted person.)
        ToldSomeone = "told_someone",
        /// She called the police. (SPARC: police called.)
        CalledPolice = "called_police",
        /// She went to the police. (SPARC: report number.)
        WentToPolice = "went_to_police",
        /// She went to a lawyer. (Lists.)
        WentToLawyer = "went_to_lawyer",
        /// She went to a doctor. (VictimsVoice: medical visits.)
        WentToDoctor = "went_to_doctor",
        /// She went to a crisis centre. (Lists.)
        WentToCrisisCentre = "went_to_crisis_centre",
        /// She complained at work or where she studies. (Cases.)
        ComplainedAtWork = "complained_at_work",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// What made it dangerous: a prompt to tell it, never a score.
    Danger in "danger" {
        /// A weapon was shown or spoken of. (DASH; CJKH.)
        Weapon = "weapon",
        /// He threatened to kill. (DASH; S-DASH 6.)
        ThreatToLife = "threat_to_life",
        /// He has been violent before. (S-DASH 11.)
        ViolenceBefore = "violence_before",
        /// Alcohol or drugs. (S-DASH 10.)
        AlcoholOrDrugs = "alcohol_or_drugs",
        /// Children were threatened. (S-DASH 7.)
        ChildrenThreatened = "children_threatened",
        /// It is getting worse. (DASH.)
        Escalation = "escalation",
    }
}

codes! {
    /// To whom she reported it.
    ReportBody in "report_body" {
        /// Police. (SPARC.)
        Police = "police",
        /// Prosecutor. (Cases.)
        Prosecutor = "prosecutor",
        /// Court. (Cases: fines and arrests under administrative articles.)
        Court = "court",
        /// Employer. (Cases.)
        Employer = "employer",
        /// School or university. (SPARC: logs for campuses.)
        School = "school",
        /// The platform it happened on. (NNEDV.)
        Platform = "platform",
        /// The telephone operator. (NNEDV.)
        Operator = "operator",
        /// e-Otinish, the portal for letters to the state. (Cases.)
        EOtinish = "e_otinish",
        /// A crisis centre. (Lists.)
        CrisisCentre = "crisis_centre",
        /// Another office. (Ours.)
        Other = "other",
    }
}

codes! {
    /// What came of a report.
    ReportOutcome in "report_outcome" {
        /// It was taken. (Cases.)
        Accepted = "accepted",
        /// It got a registration number. (SPARC: report number.)
        Registered = "registered",
        /// It was not taken. (Cases: refusals are worth a record.)
        Refused = "refused",
        /// Nobody answered. (Cases.)
        NoAnswer = "no_answer",
        /// He was warned. (Cases.)
        Warned = "warned",
        /// An administrative case. (Cases.)
        AdministrativeCase = "administrative_case",
        /// A criminal case. (115-1.)
        CriminalCase = "criminal_case",
        /// The case was closed. (Cases.)
        Dropped = "dropped",
        /// He was sentenced. (115-1; cases.)
        Sentenced = "sentenced",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// What kind of order protects her.
    OrderKind in "order_kind" {
        /// Protective order of the police. (NSW: current order; cases.)
        ProtectiveOrder = "protective_order",
        /// Order of a court. (CustodyLog: court-order violation.)
        CourtOrder = "court_order",
        /// Another one. (Ours.)
        Other = "other",
    }
}
