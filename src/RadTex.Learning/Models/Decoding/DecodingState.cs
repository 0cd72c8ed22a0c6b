using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>
/// What decoding keeps between tokens: each layer's keys and values of the tokens fed so far, a row a caption that still grows, and
/// those of the patches, once an image whatever the number of its captions.
/// </summary>
/// <remarks>
/// R: rows; B: images that still have rows; W: most rows an image has now; t: tokens fed. An image's rows stand together. Past keys
/// and values lie in buffers made once for the longest caption: growing them token by token would copy the past at every step.
/// </remarks>
internal sealed class DecodingState : IDisposable
{
    private readonly Layer[] layers;
    private int[] imageOfRow;
    private int images, width = 1;
    private Tensor? slots; // [R] int64, each row's place in the rectangle [B * W]; null where the rows fill it in order

    /// <param name="patches">Each layer's keys and values of the patches, [B, H, P, D/H].</param>
    /// <param name="rowsPerImage">Most rows an image will have.</param>
    /// <param name="longest">Most tokens a row will be fed.</param>
    internal DecodingState((Tensor Keys, Tensor Values)[] patches, int rowsPerImage, int longest)
    {
        var shape = patches[0].Keys.shape;
        images = (int)shape[0];
        imageOfRow = [.. Enumerable.Range(0, images)];
        layers = [.. patches.Select(p => new Layer(p.Keys, p.Values, Room(p.Keys), Room(p.Values)))];
        Tensor Room(Tensor like) => like.new_empty(shape[0] * rowsPerImage, shape[1], longest, shape[3]); // [R, H, longest, D/H]
    }

    /// <summary>t.</summary>
    internal int Length { get; private set; }

    /// <summary>Forgets the tokens fed; the patches stay.</summary>
    internal void Forget() => Length = 0;

    /// <summary>Row i goes on from row <c>parents[i]</c>. Rows without a successor end, and an image whose rows all end leaves the batch.</summary>
    /// <param name="parents">Rows of now, those of an image together and the images in their order.</param>
    internal void Keep(IReadOnlyList<int> parents)
    {
        if (parents.Count == imageOfRow.Length && parents.Select((parent, row) => parent == row).All(same => same)) return;
        using var scope = NewDisposeScope();
        using var chosen = tensor(parents.Select(p => (long)p).ToArray(), device: layers[0].PastKeys.device);
        int[] kept = [.. parents.Select(p => imageOfRow[p])];
        int[] alive = [.. kept.Distinct()];
        foreach (var layer in layers)
        {
            if (Length > 0) layer.KeepPast(chosen, Length);
            if (alive.Length < images) layer.KeepImages(alive);
        }
        images = alive.Length;
        var (placeOfImage, places) = (new int[alive.Length], new long[parents.Count]);
        imageOfRow = [.. kept.Select(image => Array.IndexOf(alive, image))];
        width = imageOfRow.GroupBy(image => image).Max(rows => rows.Count());
        for (int row = 0; row < places.Length; row++) places[row] = imageOfRow[row] * width + placeOfImage[imageOfRow[row]]++;
        slots?.Dispose();
        slots = places.Length == images * width ? null : tensor(places, device: chosen.device).DetachFromDisposeScope();
    }

    /// <summary>Adds the next key and value of each row, [R, H, 1, D/H], and returns all of the layer so far, [R, H, t + 1, D/H].</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        Tensor Add(Tensor past, Tensor next)
        {
            past.narrow(0, 0, next.shape[0]).narrow(2, Length, 1).copy_(next);
            return past.narrow(0, 0, next.shape[0]).narrow(2, 0, Length + 1);
        }
        return (Add(layers[layer].PastKeys, keys), Add(layers[layer].PastValues, values));
    }

    /// <summary>All layers have been fed the token.</summary>
    internal void Advance() => Length++;

    /// <summary>Keys and values of the patches, [B, H, P, D/H].</summary>
    internal (Tensor Keys, Tensor Values) Patches(int layer) => (layers[layer].PatchKeys, layers[layer].PatchValues);

    /// <summary>Rows [R, D] to the rectangle [B, W, D]; places without a row are zero.</summary>
    internal Tensor PadRows(Tensor rows) =>
        (slots is null ? rows : rows.new_zeros(images * width, rows.shape[1]).index_copy(0, slots, rows)).view(images, width, -1);

    /// <summary>The rectangle [B * W, D] to rows [R, D].</summary>
    internal Tensor UnpadRows(Tensor rectangle) => slots is null ? rectangle : rectangle.index_select(0, slots);

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        slots?.Dispose();
    }

    private sealed class Layer(Tensor patchKeys, Tensor patchValues, Tensor pastKeys, Tensor pastValues) : IDisposable
    {
        internal Tensor PatchKeys { get; private set; } = patchKeys.contiguous().DetachFromDisposeScope();

        internal Tensor PatchValues { get; private set; } = patchValues.contiguous().DetachFromDisposeScope();

        internal Tensor PastKeys { get; } = pastKeys.DetachFromDisposeScope();

        internal Tensor PastValues { get; } = pastValues.DetachFromDisposeScope();

        internal void KeepPast(Tensor rows, int length)
        {
            foreach (var past in new[] { PastKeys, PastValues })
                past.narrow(0, 0, rows.shape[0]).narrow(2, 0, length).copy_(past.narrow(2, 0, length).index_select(0, rows));
        }

        internal void KeepImages(int[] alive)
        {
            using var chosen = tensor(alive.Select(i => (long)i).ToArray(), device: PatchKeys.device);
            Tensor Choose(Tensor all)
            {
                var some = all.index_select(0, chosen).DetachFromDisposeScope();
                all.Dispose();
                return some;
            }
            (PatchKeys, PatchValues) = (Choose(PatchKeys), Choose(PatchValues));
        }

        public void Dispose()
        {
            foreach (var tensor in new[] { PatchKeys, PatchValues, PastKeys, PastValues }) tensor.Dispose();
        }
    }
}
