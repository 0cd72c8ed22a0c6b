namespace RadTex.Inspection;

/// <summary>What a dataset was compared with, and how: an absence of leaks says no more than that.</summary>
/// <param name="Folder">The other dataset.</param>
/// <param name="Patients">How many test patients of it were looked for by their ids; null where its ids mean other patients.</param>
/// <param name="Pictures">How many test pictures of it were looked for.</param>
/// <param name="Learnt">In how many training and validation radiographs here.</param>
/// <param name="Found">How many of those are known from it.</param>
public sealed record LeakComparison(string Folder, int? Patients, int Pictures, int Learnt, int Found)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        $"{Folder}: {(Patients is { } patients ? $"{patients:N0} test patients by id and " : "")}{Pictures:N0} test pictures looked for "
        + $"in {Learnt:N0} training and validation radiographs, {Found:N0} found"
        + (Patients is null ? "; patients were not compared, since the ids are of other archives" : "");
}
