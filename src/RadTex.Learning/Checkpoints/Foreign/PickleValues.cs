namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>A list, tuple or dictionary of a pickle, which knows how deep it is nested.</summary>
internal abstract class PickleContainer
{
    private const int Deepest = 64;

    internal int Depth { get; private set; } = 1;

    /// <summary>Takes note of a child; a checkpoint is nested a few levels deep, an attack thousands.</summary>
    /// <exception cref="PickleRefusedException">Too deep.</exception>
    protected void Hold(object? child)
    {
        if (child is not PickleContainer container) return;
        if (ReferenceEquals(container, this)) throw new PickleRefusedException("a container inside itself");
        Depth = Math.Max(Depth, container.Depth + 1);
        if (Depth > Deepest) throw new PickleRefusedException($"containers nested more than {Deepest} deep");
    }
}

internal sealed class PickleList : PickleContainer
{
    internal List<object?> Items { get; } = [];

    internal void Add(object? item)
    {
        Hold(item);
        Items.Add(item);
    }
}

internal sealed class PickleTuple : PickleContainer
{
    internal PickleTuple(object?[] items)
    {
        Items = items;
        foreach (var item in items) Hold(item);
    }

    internal object?[] Items { get; }
}

/// <summary>A dict or OrderedDict. Of entries whose key is no text (an optimiser's parameter numbers) the values are kept.</summary>
internal sealed class PickleDict : PickleContainer
{
    internal Dictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    internal List<object?> Others { get; } = [];

    internal bool IsEmpty => Items.Count == 0 && Others.Count == 0;

    internal void Set(object? key, object? value)
    {
        Hold(value);
        if (key is string name) Items[name] = value;
        else Others.Add(value);
    }
}

/// <summary>A name a pickle may utter; it stands for itself and is never looked up.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A numpy dtype, which only tells how to read a number.</summary>
internal sealed record PickleNumpyType(string Code);

/// <summary>Raw values somewhere in the file, whose type is that of a torch storage class.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Of its values.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Start">First of them that this view (of torch before 0.4) begins at.</param>
internal sealed record PickledStorage(string Key, TorchSharp.torch.ScalarType Type, long Count, long Start = 0);

/// <summary>A tensor's place in a storage. Sizes and strides are whatever the file says.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Sizes, long[] Strides);
