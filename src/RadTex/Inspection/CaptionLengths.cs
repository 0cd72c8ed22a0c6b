using RadTex.Text;

namespace RadTex.Inspection;

/// <summary>How long captions are; a study's caption counts once.</summary>
/// <param name="Policy">The part of the reports that was taken.</param>
/// <param name="Captions">How many there are.</param>
/// <param name="MeanWords">Their mean length; 0 where there is none.</param>
/// <param name="BinWords">The width of a bin of the histogram.</param>
/// <param name="Histogram">How many captions have 0 to <paramref name="BinWords"/> - 1 words, and so on; the last bin holds all longer ones.</param>
/// <param name="Tokens">What a vocabulary makes of them; null where none was given.</param>
/// <param name="Sections">How many reports have a section of a name, the commonest first; empty where the source's reports have none.</param>
public sealed record CaptionLengths(
    string Policy, int Captions, double MeanWords, int BinWords, IReadOnlyList<int> Histogram, TokenStatistics? Tokens,
    IReadOnlyDictionary<string, int> Sections);
