namespace RadTex.Experiments.Reproduction;

/// <summary>A dataset: drawn, prepared from an archive, or prepared already.</summary>
/// <param name="Phantoms">Radiographs to draw; null for an archive.</param>
/// <param name="Prepared">A prepared dataset's folder; nothing else is used then.</param>
/// <param name="Source">The archive, by its name in <see cref="Studies.Archives.Archives.All"/>.</param>
/// <param name="Root">The archive's folder.</param>
/// <param name="ShortSide">Of the prepared radiographs, in pixels.</param>
/// <param name="Split">auto, official or hash.</param>
/// <param name="Fractions">Of a split by hash.</param>
/// <param name="SplitSeed">Of a split by hash.</param>
/// <param name="Labels">MIMIC-CXR: chexpert, negbio or none; of phantoms also truth, what was drawn.</param>
/// <param name="Reports">MIMIC-CXR: the folder of the reports.</param>
/// <param name="Tables">MIMIC-CXR: the folder of the tables.</param>
/// <param name="Frontal">MIMIC-CXR: a list of frontal images.</param>
/// <param name="Edema">MIMIC-CXR: the folder of the edema severity files.</param>
/// <param name="TestPatients">A table whose patients are the test split.</param>
/// <param name="Text">The part of the reports; null for the source's default.</param>
/// <param name="RequireText">Whether radiographs without text are left out; null for the source's default.</param>
/// <param name="Intensity">display, liao or equalised.</param>
/// <param name="Limit">The first so many radiographs; null for all.</param>
/// <param name="Expected">About how large an archive is, for the estimate of cost alone.</param>
public sealed record DatasetSettings(
    PhantomSettings? Phantoms = null, string? Prepared = null, string Source = "mimic-cxr-jpg", string? Root = null, int ShortSide = 256,
    string Split = "auto",
    string Fractions = "0.8,0.1,0.1", int SplitSeed = 0, string Labels = "chexpert", string? Reports = null, string? Tables = null,
    string? Frontal = null, string? Edema = null,
    string? TestPatients = null, string? Text = null, bool? RequireText = null, string Intensity = "display", int? Limit = null,
        ExpectedSize? Expected = null);
