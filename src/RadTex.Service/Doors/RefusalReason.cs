namespace RadTex.Service.Doors;

/// <summary>Why an instance is refused. Nothing of it is kept.</summary>
internal enum RefusalReason
{
    /// <summary>Neither DICOM nor a picture that is read.</summary>
    UnknownFormat,

    /// <summary>Damaged, cut off, or without valid identifiers.</summary>
    Damaged,

    /// <summary>Larger than what is taken.</summary>
    TooLarge,

    /// <summary>An instance of the same SOP instance UID and other content was taken before.</summary>
    OtherContent,

    /// <summary>Of another study than the request names.</summary>
    OtherStudy,

    /// <summary>RadTex made it itself.</summary>
    Own,

    /// <summary>No such model is served.</summary>
    UnknownModel,

    /// <summary>The disk has too little room.</summary>
    DiskFull,

    /// <summary>Too many wait already.</summary>
    TooManyWait,

    /// <summary>The service is about to end.</summary>
    Draining,
}
