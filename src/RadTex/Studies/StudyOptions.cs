using System.Text;
using RadTex.Files;

namespace RadTex.Studies;

/// <summary>What is taken from a source, and how it is split; the same for every source.</summary>
/// <param name="Views">Frontal views only, or all.</param>
/// <param name="Split">Where the splits come from.</param>
/// <param name="Fractions">The parts of a split by hash; its validation part also serves archives that have no validation split.</param>
/// <param name="Seed">The seed of the hash.</param>
/// <param name="ExtraLabels">Further tables of labels: <c>FILE</c>, or <c>PREFIX=FILE</c> to put a word before their names.</param>
/// <param name="SkipBadLabels">Leave out rows whose labels are no numbers, instead of stopping.</param>
/// <param name="Limit">Take the first so many radiographs only; null for all.</param>
/// <param name="Labels">What becomes of the archive's own labels; null for the default policy.</param>
/// <param name="TestPatients">A table of patients that are the test split, whatever the archive says; the others go into training and validation by
/// hash.</param>
/// <param name="Exclude">A table of images to leave out, such as <c>radtex verify --list</c> writes.</param>
/// <param name="Encoding">Of tables and reports of one's own, as <see cref="TextFile.ParseEncoding"/> gives it; null for UTF-8. A byte order mark
/// decides either way.</param>
public sealed record StudyOptions(
    ViewFilter Views = ViewFilter.Frontal,
    SplitRule Split = SplitRule.Auto,
    SplitFractions? Fractions = null,
    int Seed = 0,
    IReadOnlyList<string>? ExtraLabels = null,
    bool SkipBadLabels = false,
    int? Limit = null,
    LabelPolicy? Labels = null,
    string? TestPatients = null,
    string? Exclude = null,
    Encoding? Encoding = null);
