#:project ../src/RadTex/RadTex.csproj
#:package Parquet.Net
// The scatter that reproductions' plans assume (statistics.assumed), from published runs: the standard deviation over trials of the paired
// difference between the
// first RadTex row and each other row, root mean square over rows.
//   dotnet run -c Release bench/trial-scatter.cs -- docs/results/reproduction-phantom/results-2026-11-24.parquet
using Parquet;
using Parquet.Schema;

foreach (var file in args)
{
    await using var stream = File.OpenRead(file);
    var reader = await ParquetReader.CreateAsync(stream);
    using var group = reader.OpenRowGroupReader(0);
    int rows = (int)group.RowCount;
    DataField Field(string name) => reader.Schema.DataFields.First(f => f.Name == name);
    async Task<string[]> Texts(string name)
    {
        var values = new string[rows];
        await group.ReadAsync(Field(name), values.AsMemory()!);
        return values;
    }
    async Task<int[]> Numbers(string name)
    {
        var values = new int[rows];
        await group.ReadAsync<int>(Field(name), values.AsMemory());
        return values;
    }
    var auc = new double?[rows];
    await group.ReadAsync<double>(Field("auc"), auc.AsMemory());
    var (protocol, row, head, examples, control) = (await Texts("protocol"), await Texts("initialisation"), await Texts("head"),
        await Texts("examples"), await Texts("control"));
    var (trial, batch) = (await Numbers("trial"), await Numbers("batch"));
    var cells = Enumerable.Range(0, row.Length).Where(i => auc[i] is not null && control[i].Length == 0 && batch[i] is 0 or 128)
        .GroupBy(i => (Protocol: protocol[i], Row: row[i], Head: head[i], Examples: examples[i]))
        .ToDictionary(g => g.Key, g => g.GroupBy(i => trial[i]).ToDictionary(t => t.Key, t => t.Average(i => auc[i]!.Value)));
    var found = new List<(string Where, double Deviation)>();
    foreach (var (key, other) in cells.Where(c => c.Key.Row != "RadTex Frozen"))
        foreach (var own in key.Head == "fine-tuned" ? ["paper", "logistic"] : new[] { key.Head })
            if (cells.TryGetValue((key.Protocol, "RadTex Frozen", own, key.Examples), out var first))
            {
                double[] differences = [.. first.Keys.Intersect(other.Keys).Select(t => first[t] - other[t])];
                if (differences.Length < 3) continue;
                double mean = differences.Average();
                found.Add(($"{key.Protocol}, {own} head, {key.Examples} labels",
                    Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1))));
            }
    Console.WriteLine(file);
    foreach (var g in found.GroupBy(f => f.Where).OrderBy(g => g.Key, StringComparer.Ordinal))
        Console.WriteLine(FormattableString.Invariant($"  {g.Key}: {Math.Sqrt(g.Average(f => f.Deviation * f.Deviation)):F3} over {g.Count()} rows"));
    Console.WriteLine(FormattableString.Invariant($"  all: {Math.Sqrt(found.Average(f => f.Deviation * f.Deviation)):F3}"));
}
