using Parquet;
using RadTex.Files;

namespace RadTex.Tests;

public sealed class ParquetColumnsTests
{
    private static readonly (string Name, string? Text, int N, double? Score)[] Rows =
        [("a", null, 1, 0.5), ("b", "two", 2, null), ("c", "", -3, double.MaxValue)];

    [Fact]
    public async Task Columns_are_read_back_in_their_order_with_nulls_where_they_were()
    {
        await using var reader = await Written([Rows]);
        reader.Schema.DataFields.Select(f => (f.Name, f.IsNullable)).ShouldBe([("name", false), ("text", true), ("n", false), ("score", true)]);
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.DataFields;
        var names = new string[Rows.Length];
        var texts = new string?[Rows.Length];
        var numbers = new int[Rows.Length];
        var scores = new double?[Rows.Length];
        await group.ReadAsync(fields[0], names.AsMemory()!);
        await group.ReadAsync(fields[1], texts.AsMemory()!);
        await group.ReadAsync<int>(fields[2], numbers.AsMemory());
        await group.ReadAsync<double>(fields[3], scores.AsMemory());
        names.Zip(texts, numbers).Zip(scores, (r, score) => (r.First, r.Second, r.Third, score)).ShouldBe(Rows);
    }

    [Fact]
    public async Task A_group_of_rows_is_asked_for_when_the_one_before_is_written()
    {
        using var file = new MemoryStream();
        var lengths = new List<long>();
        IEnumerable<IReadOnlyList<(string, string?, int, double?)>> Groups()
        {
            foreach (var row in Rows)
            {
                lengths.Add(file.Length);
                yield return [row];
            }
        }
        await using var reader = await Written(Groups(), file);
        reader.RowGroupCount.ShouldBe(3);
        lengths.ShouldBe(lengths.Distinct().Order());
    }

    private static async Task<ParquetReader> Written(
        IEnumerable<IReadOnlyList<(string Name, string? Text, int N, double? Score)>> groups, MemoryStream? file = null)
    {
        file ??= new();
        new ParquetColumns<(string Name, string? Text, int N, double? Score)>()
            .Text(new("name", false), r => r.Name).Text(new("text"), r => r.Text).Value(new("n"), r => r.N).Optional(new("score"), r => r.Score)
            .Write(file, groups);
        return await ParquetReader.CreateAsync(new MemoryStream(file.ToArray()), cancellationToken: TestContext.Current.CancellationToken);
    }
}
