namespace RadTex.Learning.Testing;

/// <summary>
/// Tests that need torch for themselves: its random generator, its thread count and its count of live tensors belong to the process.
/// </summary>
[CollectionDefinition(nameof(SerialTorch), DisableParallelization = true)]
public sealed class SerialTorch;
