using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>What stands in the tables of a dataset.</summary>
/// <param name="LabelNames">In the order of every row's labels.</param>
/// <param name="Rows">A row a radiograph, without its text.</param>
/// <param name="Texts">The rows' texts one at a time, so that those of a large archive need never be in memory together.</param>
/// <param name="Rejects">What was left out.</param>
/// <param name="Boxes">Of all rows.</param>
internal sealed record DatasetTables(
    IReadOnlyList<string> LabelNames, IReadOnlyList<PreparedRadiograph> Rows, IEnumerable<string?> Texts, IReadOnlyList<Reject> Rejects,
    IReadOnlyList<PreparedBox> Boxes);
