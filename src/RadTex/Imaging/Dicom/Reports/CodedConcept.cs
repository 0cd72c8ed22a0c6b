namespace RadTex.Imaging.Dicom.Reports;

/// <summary>A code with what it means (PS3.3, section 8).</summary>
/// <param name="Value">At most 16 characters.</param>
/// <param name="Scheme">DCM, SCT, UCUM, or 99RADTEX for what no one else has a code for.</param>
/// <param name="Meaning">For people, at most 64 characters.</param>
public sealed record CodedConcept(string Value, string Scheme, string Meaning)
{
    /// <summary>The scheme of RadTex's own codes.</summary>
    internal const string OwnScheme = "99RADTEX";

    private const int LongestValue = 16, LongestMeaning = 64;

    // SNOMED CT's codes of findings whose label means just that.
    private static readonly Dictionary<string, CodedConcept> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Atelectasis"] = new("46621007", "SCT", "Atelectasis"),
        ["Cardiomegaly"] = new("8186001", "SCT", "Cardiomegaly"),
        ["Edema"] = new("19242006", "SCT", "Pulmonary edema"),
        ["Pleural Effusion"] = new("60046008", "SCT", "Pleural effusion"),
        ["Pneumonia"] = new("233604007", "SCT", "Pneumonia"),
        ["Pneumothorax"] = new("36118008", "SCT", "Pneumothorax"),
    };

    /// <summary>The finding is there, is not, or cannot be told.</summary>
    public static CodedConcept Present { get; } = new("52101004", "SCT", "Present");

    /// <summary>SNOMED CT's qualifier for a finding that is not there.</summary>
    public static CodedConcept Absent { get; } = new("2667000", "SCT", "Absent");

    /// <summary>SNOMED CT's qualifier for a finding that cannot be told.</summary>
    public static CodedConcept Uncertain { get; } = new("64957009", "SCT", "Uncertain");

    /// <summary>A code of RadTex's own.</summary>
    internal static CodedConcept Own(string value, string meaning) => new(value, OwnScheme, meaning);

    /// <summary>The code of a finding; its name under RadTex's own scheme where no other has one.</summary>
    public static CodedConcept OfFinding(string name)
    {
        if (Known.TryGetValue(name, out var known)) return known;
        var letters = new string([.. name.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return Own(
            letters.Length == 0 ? "FINDING" : letters[..Math.Min(letters.Length, LongestValue)],
            Plain(name[..Math.Min(name.Length, LongestMeaning)]));
    }

    /// <summary>Text that every character set of DICOM has: the set of a report is that of the radiograph it is of.</summary>
    internal static string Plain(string text) => new([.. text.Select(c => c switch
    {
        '\\' => '/', // it would begin another value
        >= ' ' and <= '~' => c,
        _ => '?',
    })]);

    internal DicomContent Content() =>
        new DicomContent().Text(0x0008_0100, "SH", Value).Text(0x0008_0102, "SH", Scheme).Text(DicomTag.CodeMeaning, "LO", Meaning);
}
