using RadTex.Data;

namespace RadTex.Preparing;

/// <summary>What became of a preparation.</summary>
/// <param name="Manifest">The dataset's manifest.</param>
/// <param name="WasThere">The same dataset was there already, so nothing was done.</param>
/// <param name="Resumed">How many inputs an earlier, interrupted preparation had dealt with.</param>
public sealed record PreparationResult(DatasetManifest Manifest, bool WasThere, int Resumed);
