using System.Globalization;

namespace RadTex.Studies;

/// <summary>Sex and age as tables name and write them: MIMIC-IV's patients (gender, anchor_age), NIH's Data_Entry (Patient Gender, Patient Age),
/// PadChest's, or the like.</summary>
internal static class PatientTraits
{
    internal static readonly string[] SexColumns = ["gender", "sex", "Patient Gender", "PatientSex_DICOM"],
        AgeColumns = ["anchor_age", "age", "Patient Age"];

    /// <summary>"female" or "male"; null for anything else.</summary>
    internal static string? SexOf(string text) =>
        text.ToUpperInvariant() switch { "F" or "FEMALE" or "W" => "female", "M" or "MALE" => "male", _ => null };

    /// <summary>One of three bands; null where the cell holds no age in years.</summary>
    internal static string? AgeOf(string text)
    {
        // NIH's first table writes 058Y.
        if (!int.TryParse(text.TrimEnd('Y', 'y'), NumberStyles.None, CultureInfo.InvariantCulture, out int years)) return null;
        return years < 40 ? "below 40 years" : years < 65 ? "40 to 64 years" : "65 years and more";
    }
}
