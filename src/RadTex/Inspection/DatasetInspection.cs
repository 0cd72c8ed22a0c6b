using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>What a prepared dataset looks like, for a person to judge before anything learns from it: <c>inspection.json</c>.</summary>
/// <param name="Dataset">Its folder.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Synthetic">Whether its radiographs are drawn.</param>
/// <param name="Source">The source's name.</param>
/// <param name="Intensity">How stored values became grey levels.</param>
/// <param name="Count">The number of radiographs.</param>
/// <param name="Splits">Counts by split.</param>
/// <param name="Labels">Counts of each label by split.</param>
/// <param name="Views">Counts of each view by split, the commonest first; empty where it is not known.</param>
/// <param name="CoOccurrence">How many radiographs are positive for both labels; the diagonal holds the positives of one.</param>
/// <param name="Text">Lengths of the captions.</param>
/// <param name="GreyLevels">The share of pixels in each of 64 steps of grey, dark to bright, by split.</param>
/// <param name="Groups">The radiographs by view and polarity, the most unlike ones of each.</param>
/// <param name="Duplicates">Pairs that show one exposure, by image id.</param>
public sealed record DatasetInspection(
    string Dataset,
    string Hash,
    bool Synthetic,
    string Source,
    string Intensity,
    int Count,
    IReadOnlyDictionary<string, SplitCounts> Splits,
    IReadOnlyList<SplitLabelCounts> Labels,
    IReadOnlyList<ViewCounts> Views,
    IReadOnlyList<IReadOnlyList<int>> CoOccurrence,
    CaptionLengths Text,
    IReadOnlyDictionary<string, IReadOnlyList<double>> GreyLevels,
    IReadOnlyList<LikenessGroup> Groups,
    IReadOnlyList<DuplicateImages> Duplicates);
