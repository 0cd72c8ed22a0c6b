using System.Text.Json.Serialization;
using RadTex.Phantoms;

namespace RadTex.Experiments.Reproduction;

/// <summary>Radiographs to draw. Datasets of equal settings share them.</summary>
/// <param name="Count">See <see cref="PhantomOptions"/>, as the others.</param>
/// <param name="Seed">The one seed.</param>
/// <param name="Side">The short side in pixels.</param>
/// <param name="Difficulty">Of the findings.</param>
/// <param name="ReportStyle">systematic or radiologist.</param>
/// <param name="BalancedByView">Whether the view tells nothing of any finding.</param>
public sealed record PhantomSettings(int Count, ulong Seed = 0, int Side = 128, double Difficulty = 0.6, string ReportStyle = "systematic",
    // Left out where false, so that what was drawn before is found again.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool BalancedByView = false);
