namespace RadTex;

/// <summary>
/// Random numbers that follow from their keys alone (SplitMix64): the stream of patient 7, or of step 7, of seed 1 is the same whatever
/// else is drawn, on however many threads. It is our own so that a .NET release cannot change what a seed means.
/// </summary>
internal sealed class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    internal CounterRandom(ulong seed, ulong key1 = 0, ulong key2 = 0, ulong key3 = 0) => state = Hash(seed, key1, key2, key3);

    internal static ulong Hash(ulong seed, ulong key1 = 0, ulong key2 = 0, ulong key3 = 0) =>
        Mix(Mix(Mix(Mix(seed + Golden) ^ (key1 + 1) * Golden) ^ (key2 + 1) * 0xD1B54A32D192ED03) ^ (key3 + 1) * 0x8CB92BA72F3D8DD7);

    internal ulong Next() => Mix(state += Golden);

    /// <summary>Uniform in [0, 1).</summary>
    internal float Uniform() => (Next() >> 40) * (1f / (1 << 24));

    internal float Range(float low, float high) => low + (high - low) * Uniform();

    /// <summary>An integer of low..high-1.</summary>
    internal int Integer(int low, int high) => low + (int)(Uniform() * (high - low));

    /// <summary>An integer of 0..count-1, each as likely as the others whatever the count (Lemire's multiply-shift on 64 bits).</summary>
    internal int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>The numbers 0..count-1 in an order drawn uniformly (Fisher and Yates).</summary>
    internal int[] Permutation(int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /// <summary>Uniform in [0, 1) on 53 bits.</summary>
    internal double UniformDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal bool Chance(float probability) => Uniform() < probability;

    /// <summary>A standard normal deviate (Box and Muller), cut at three standard deviations: no phantom may be monstrous.</summary>
    internal float Normal()
    {
        float radius = MathF.Sqrt(-2 * MathF.Log(1 - Uniform()));
        return Math.Clamp(radius * MathF.Cos(2 * MathF.PI * Uniform()), -3, 3);
    }

    internal T Pick<T>(params ReadOnlySpan<T> choices) => choices[Integer(0, choices.Length)];

    internal float Sign() => Chance(0.5f) ? 1 : -1;

    internal void Shuffle<T>(IList<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int j = Integer(0, i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
