using System.Text.Json;

using RadTex.Imaging.Transforms;

namespace RadTex.Experiments.Reproduction;

/// <summary>What all rows share.</summary>
/// <param name="Examples">Numbers of labels, "all" among them.</param>
/// <param name="Trials">Independent draws.</param>
/// <param name="Views">Augmented views for the paper's frozen head.</param>
/// <param name="Degrees">Rotation of training views.</param>
/// <param name="Translate">Shift of training views.</param>
/// <param name="Interpolation">Of training views: bilinear, or nearest as the co-authors' code.</param>
/// <param name="ZeroShot">Whether frozen rows whose objective allows it are also asked without any label: the 0-label point.</param>
public sealed record SweepSettings(IReadOnlyList<JsonElement> Examples, int Trials = 5, int Views = 0, double Degrees = 20, double Translate = 0.1,
    Interpolation Interpolation = Interpolation.Bilinear, bool ZeroShot = false);
