//! What happened, when, where, and by what means.

codes! {
    /// How sure she is of the time.
    Precision in "precision" {
        /// To the minute, as a phone shows it. (All lists ask for date and time.)
        Exact = "exact",
        /// Near that time. (All lists; memory is like that.)
        About = "about",
        /// Within that hour. (Ours: between `about` and `day`.)
        Hour = "hour",
        /// On that day. (All lists ask for the date apart from the time.)
        Day = "day",
        /// In that month; the first day stands for it. (All lists; old incidents.)
        Month = "month",
        /// In that year; the first day stands for it. (All lists; old incidents.)
        Year = "year",
        /// Not known; then there is no time. (All lists; memory is like that.)
        Unknown = "unknown",
    }
}

codes! {
    /// What kind of place it was.
    PlaceClass in "place_class" {
        /// Her home, or right outside. (SPARC: location; S-DASH 4 and 5.)
        Home = "home",
        /// Where she works. (SPARC; S-DASH 4.)
        Work = "work",
        /// Where she studies. (SPARC: logs for campuses.)
        Study = "study",
        /// In the street. (SPARC; S-DASH 5.)
        Street = "street",
        /// Bus, train, car or stop. (SPARC; Suzy Lamplugh: vehicles.)
        Transport = "transport",
        /// Shop, market, cafe. (SPARC; CJKH: clerks as witnesses.)
        Shop = "shop",
        /// On the internet. (NNEDV.)
        Online = "online",
        /// By telephone. (NNEDV; Suzy Lamplugh.)
        Phone = "phone",
        /// Police, court, school, clinic. (Ours.)
        PublicBuilding = "public_building",
        /// Somewhere else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// What he did.
    Behaviour in "behaviour" {
        /// Calls, silent ones too. (Suzy Lamplugh; NNEDV; cases: hundreds of calls.)
        Calls = "calls",
        /// Text messages of any kind. (Suzy Lamplugh; NNEDV; cases: years of messages.)
        Messages = "messages",
        /// Comments, tags, reactions, requests. (NNEDV.)
        SocialMedia = "social_media",
        /// Accounts in another name, in hers too. (NNEDV; cases.)
        FakeAccount = "fake_account",
        /// Following her. (Suzy Lamplugh: sightings; 115-1: tracking.)
        Following = "following",
        /// Waiting or loitering. (S-DASH 5.)
        Waiting = "waiting",
        /// Coming to her home. (S-DASH 4.)
        CameHome = "came_home",
        /// Coming to her work. (S-DASH 4.)
        CameWork = "came_work",
        /// Coming to where she studies. (S-DASH 4, for students.)
        CameStudy = "came_study",
        /// Watching her, asking about her. (115-1: tracking; NSW.)
        Spying = "spying",
        /// A tracker, or a program that follows her. (NNEDV.)
        TrackingDevice = "tracking_device",
        /// Getting into her accounts or devices. (NNEDV.)
        AccountBreakIn = "account_break_in",
        /// Gifts, flowers, things left. (NSW: do not handle gifts.)
        Gifts = "gifts",
        /// Letters, notes, parcels. (Suzy Lamplugh: mail.)
        Letters = "letters",
        /// A threat to her. (S-DASH 6.)
        Threat = "threat",
        /// A threat to someone near her. (S-DASH 6 and 7.)
        ThreatThirdPerson = "threat_third_person",
        /// A threat to harm himself. (Lists.)
        ThreatSelfHarm = "threat_self_harm",
        /// Damage to her things. (S-DASH 3.)
        PropertyDamage = "property_damage",
        /// Sexual harassment in words. (Lists; cases.)
        SexualVerbal = "sexual_verbal",
        /// Unwanted touching. (Lists; cases.)
        SexualTouching = "sexual_touching",
        /// Exposing himself, or sending such pictures. (Lists; NNEDV.)
        SexualExposure = "sexual_exposure",
        /// A demand, by a superior for one. (Cases: compulsion by one she depends on.)
        SexualDemand = "sexual_demand",
        /// Private images were published. (NNEDV.)
        ImagesPublished = "images_published",
        /// Private images: publishing was threatened. (NNEDV.)
        ImagesThreatened = "images_threatened",
        /// Rumours or lies about her. (NNEDV; NSW.)
        Rumours = "rumours",
        /// Her address, number or papers were published. (NNEDV.)
        PersonalDataPublished = "personal_data_published",
        /// Others were used to reach or press her. (S-DASH 7 and 9.)
        ThroughOthers = "through_others",
        /// Money, housing or work used against her. (CustodyLog: financial.)
        EconomicPressure = "economic_pressure",
        /// Complaints and lawsuits used against her. (CustodyLog: false accusation.)
        LegalHarassment = "legal_harassment",
        /// Violence. (S-DASH 8; 115-1: other articles then apply as well.)
        Violence = "violence",
        /// An order of a court or the police was breached. (CustodyLog; NSW.)
        OrderBreach = "order_breach",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// By what means it reached her.
    Channel in "channel" {
        /// Face to face. (SPARC.)
        InPerson = "in_person",
        /// A telephone call. (NNEDV; Suzy Lamplugh.)
        Call = "call",
        /// A text message. (NNEDV; Suzy Lamplugh.)
        Sms = "sms",
        /// WhatsApp. (NNEDV: name the technology.)
        Whatsapp = "whatsapp",
        /// Telegram. (NNEDV: name the technology.)
        Telegram = "telegram",
        /// Instagram. (NNEDV: name the technology.)
        Instagram = "instagram",
        /// TikTok. (NNEDV: name the technology.)
        Tiktok = "tiktok",
        /// Facebook. (NNEDV: name the technology.)
        Facebook = "facebook",
        /// VK. (NNEDV: name the technology.)
        Vk = "vk",
        /// E-mail. (NNEDV; Suzy Lamplugh.)
        Email = "email",
        /// A letter or parcel. (Suzy Lamplugh: mail.)
        Letter = "letter",
        /// A device that tells where she is. (NNEDV.)
        GpsDevice = "gps_device",
        /// A camera. (NNEDV.)
        Camera = "camera",
        /// Another program. (Ours.)
        OtherApp = "other_app",
        /// Something else. (Ours.)
        Other = "other",
    }
}

codes! {
    /// How she came by a file of evidence.
    How in "how" {
        /// Taken with this program. (Proof tools tell it apart from an import.)
        TakenInApp = "taken_in_app",
        /// Sent to her by someone. (Users of proof tools: evidence received from others.)
        Received = "received",
        /// Copied from another device or disk. (ISO/IEC 27037: copies are told.)
        Copied = "copied",
        /// A picture of a screen. (NNEDV; WomensLaw.)
        Screenshot = "screenshot",
        /// A photo of a thing. (SPARC; NSW.)
        PhotoOfObject = "photo_of_object",
        /// Paper, scanned. (SPARC: attach orders and reports.)
        Scanned = "scanned",
        /// An export that another program wrote, such as a chat. (NNEDV: save everything.)
        ExportedFromApp = "exported_from_app",
        /// A recording of sound or picture. (NNEDV: voicemail; whether it may be used is a
        /// lawyer's question.)
        Recorded = "recorded",
        /// Some other way. (Ours.)
        Other = "other",
    }
}
