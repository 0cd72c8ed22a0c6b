using System.Text.Json;

namespace RadTex.Service.Doors;

/// <summary>What a refusal is called and told as.</summary>
internal static class Refusals
{
    internal static string Name(this RefusalReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    /// <summary>In words, for callers; nothing of what was received is in them.</summary>
    internal static string Words(this RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownFormat => "neither DICOM nor JPEG, PNG or TIFF",
        RefusalReason.Damaged => "damaged, cut off, or without valid identifiers",
        RefusalReason.TooLarge => "larger than what is taken",
        RefusalReason.OtherContent => "an instance of the same SOP instance UID and other content was taken before",
        RefusalReason.OtherStudy => "of another study than the request names",
        RefusalReason.Own => "made by RadTex itself",
        RefusalReason.UnknownModel => "no model of that name is served",
        RefusalReason.DiskFull => "the disk has too little room; try again later",
        RefusalReason.TooManyWait => "too many instances wait; try again later",
        _ => "the service is about to end; try again later",
    };

    /// <summary>The status of a request that is refused for it.</summary>
    internal static int Status(this RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownFormat => 415,
        RefusalReason.TooLarge => 413,
        RefusalReason.OtherContent => 409,
        RefusalReason.UnknownModel => 404,
        RefusalReason.DiskFull => 507,
        RefusalReason.TooManyWait or RefusalReason.Draining => 503,
        _ => 422,
    };

    /// <summary>DICOM's failure reason of it (PS3.4, C.4.2 and PS3.18, I.2).</summary>
    internal static int FailureReason(this RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownFormat or RefusalReason.Damaged => 0xC000, // cannot understand
        RefusalReason.OtherContent => 0x0111, // duplicate SOP instance
        RefusalReason.OtherStudy => 0xA900, // does not match
        RefusalReason.Own => 0x0124, // refused: not authorized
        RefusalReason.TooLarge or RefusalReason.DiskFull or RefusalReason.TooManyWait or RefusalReason.Draining => 0xA700, // out of resources
        _ => 0x0110, // processing failure
    };

    /// <summary>Whether the same may be taken later.</summary>
    internal static bool IsPassing(this RefusalReason reason) =>
        reason is RefusalReason.DiskFull or RefusalReason.TooManyWait or RefusalReason.Draining;
}
