using RadTex.Data;
using RadTex.Studies;
using RadTex.Studies.Tables;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// Sex and age of patients from a table: MIMIC-IV's patients (gender, anchor_age), NIH's Data_Entry (Patient Gender, Patient Age), or the like.
/// </summary>
internal sealed class PatientGroups
{
    private readonly Dictionary<string, (string? Sex, string? Age)> byId = [];
    private readonly bool byImage;

    private PatientGroups(bool byImage) => this.byImage = byImage;

    /// <summary>Reads a table with a column of patients or images, and columns of sex and age; either may be absent.</summary>
    /// <exception cref="UserErrorException">It has no ids, or neither column.</exception>
    internal static PatientGroups Read(string path)
    {
        using var table = Table.Open(path);
        int image = table.Find(IdList.Images), patient = table.Find(IdList.Patients), sex = table.Find(PatientTraits.SexColumns),
            age = table.Find(PatientTraits.AgeColumns);
        if (image < 0 && patient < 0) patient = table.Require(IdList.Patients[0], "Expected a column of patients or images.");
        if (sex < 0 && age < 0)
            throw new UserErrorException(
                $"{path} has neither sex nor age. Expected a column gender, sex or Patient Gender, or anchor_age, age or Patient Age.");
        var groups = new PatientGroups(image >= 0);
        while (table.Read())
            groups.byId[table[image >= 0 ? image : patient].Trim()] =
                (sex < 0 ? null : PatientTraits.SexOf(table[sex].Trim()), age < 0 ? null : PatientTraits.AgeOf(table[age].Trim()));
        return groups;
    }

    internal string? Sex(PreparedRadiograph radiograph) => Find(radiograph).Sex;

    internal string? Age(PreparedRadiograph radiograph) => Find(radiograph).Age;

    private (string? Sex, string? Age) Find(PreparedRadiograph radiograph) =>
        byId.GetValueOrDefault(byImage ? radiograph.ImageId : radiograph.PatientId);
}
