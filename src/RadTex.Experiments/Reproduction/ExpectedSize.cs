namespace RadTex.Experiments.Reproduction;

/// <summary>About how large an archive is, before it is prepared: for the estimate of cost alone.</summary>
/// <param name="Radiographs">Radiographs that are prepared.</param>
/// <param name="Labelled">Labelled training radiographs of a label, on average; null for all training radiographs.</param>
/// <param name="Tested">Test radiographs; null for what the split's fractions say.</param>
public sealed record ExpectedSize(int Radiographs, int? Labelled = null, int? Tested = null);
