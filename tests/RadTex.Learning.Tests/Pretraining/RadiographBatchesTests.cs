using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

public sealed class RadiographBatchesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public RadiographBatchesTests() => dataset = PreparedDataset.Open(TinyDataset.Write(folder.File("tiny")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Batch_holds_each_radiograph_in_the_order_asked_for()
    {
        var batches = new RadiographBatches(dataset, new RadiographInput(TinyDataset.ShortSide));

        using var images = batches.CentreViews([5, 0, 5]);

        images.shape.ShouldBe([3, 1, 8, 8]);
        images.dtype.ShouldBe(ScalarType.Float32);
        // Image 0 is 8 x 8: pixel p is p, the largest 63.
        images[1].data<float>().ToArray().ShouldBe(Enumerable.Range(0, 64).Select(p => p / 63f));
        images[0].data<float>().ToArray().ShouldBe(images[2].data<float>().ToArray());
    }

    [Fact]
    public void Training_views_are_those_of_the_map_drawn_and_do_not_depend_on_threads()
    {
        var augmentation = new AffineAugmentation();
        var input = new RadiographInput(TinyDataset.ShortSide);
        int[] indices = [11, 4, 7, 4];
        using var one = new RadiographBatches(dataset, input, augmentation, seed: 5, workers: 1).TrainingViews(indices, 9);
        using var four = new RadiographBatches(dataset, input, augmentation, seed: 5, workers: 4).TrainingViews(indices, 9);
        using var later = new RadiographBatches(dataset, input, augmentation, seed: 5, workers: 1).TrainingViews(indices, 10);
        var row = dataset[7];
        var expected = new float[64];
        input.Fill(dataset.Pixels(7), row.Height, row.Width, augmentation.Draw(5, 9, 7, row.Height, row.Width), Interpolation.Bilinear, expected);

        one.data<float>().ToArray().ShouldBe(four.data<float>().ToArray());
        one.data<float>().ToArray().ShouldNotBe(later.data<float>().ToArray());
        one[2].data<float>().ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Input_larger_than_the_dataset_is_refused_saying_what_to_do() =>
        Should.Throw<UserErrorException>(() => new RadiographBatches(dataset, new RadiographInput(16))).Message.ShouldContain("'short-side' = 16");

    [Fact]
    public void Epochs_are_permutations_and_batches_their_stretches()
    {
        int[] indices = [.. Enumerable.Range(100, 10)];
        var sampler = new EpochSampler(indices, 4, seed: 3, dropLast: false);

        sampler.BatchesPerEpoch.ShouldBe(3);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            var seen = Enumerable.Range(3 * epoch, 3).SelectMany(step => sampler.Batch(step)).ToArray();
            seen.ShouldBe(sampler.Epoch(epoch));
            seen.Order().ShouldBe(indices);
        }
        sampler.Batch(2).Count.ShouldBe(2);
        sampler.Epoch(0).ShouldNotBe(sampler.Epoch(1));
        new EpochSampler(indices, 4, 3, false).Batch(13).ShouldBe(sampler.Batch(13));
        new EpochSampler(indices, 4, 4, false).Epoch(0).ShouldNotBe(sampler.Epoch(0));
    }

    [Fact]
    public void Last_batch_can_be_dropped_and_too_few_radiographs_are_refused()
    {
        int[] indices = [.. Enumerable.Range(0, 10)];
        var sampler = new EpochSampler(indices, 4, seed: 3, dropLast: true);

        sampler.BatchesPerEpoch.ShouldBe(2);
        sampler.Batch(3).ShouldBe(sampler.Epoch(1).Skip(4).Take(4));
        Should.Throw<UserErrorException>(() => new EpochSampler(indices, 11, 0, dropLast: true));
        Should.Throw<UserErrorException>(() => new EpochSampler([], 1, 0, dropLast: false));
    }

    [Fact]
    public void Every_place_of_a_permutation_is_equally_likely()
    {
        const int Count = 6, Draws = 12_000;
        var seen = new int[Count, Count];
        for (int epoch = 0; epoch < Draws; epoch++)
        {
            var order = new CounterRandom(1, (ulong)epoch).Permutation(Count);
            for (int place = 0; place < Count; place++) seen[place, order[place]]++;
        }
        // 2,000 expected, sd 41.
        foreach (int count in seen) count.ShouldBeInRange(1_800, 2_200);
    }

    [Fact]
    public void Prefetcher_gives_the_same_items_in_order_and_never_too_many_ahead()
    {
        int made = 0, most = 0, taken = 0;
        using var prefetcher = new Prefetcher<Item>(
            i =>
            {
                most = Math.Max(most, ++made - Volatile.Read(ref taken));
                return new Item(i);
            },
            first: 3, end: 40, ahead: 2);

        for (long i = 3; i < 40; i++)
        {
            prefetcher.TryNext(out var item).ShouldBeTrue();
            item!.Number.ShouldBe(i);
            if (i == 10) Thread.Sleep(50);
            Interlocked.Increment(ref taken);
        }
        prefetcher.TryNext(out _).ShouldBeFalse();
        most.ShouldBeLessThanOrEqualTo(4); // two ready, one in the making, one in the hand
    }

    [Fact]
    public void Fault_is_thrown_where_its_item_is_asked_for_and_stays()
    {
        using var prefetcher = new Prefetcher<Item>(i => i == 2 ? throw new InvalidDataException("item 2") : new Item(i), 0, 10);

        prefetcher.TryNext(out _).ShouldBeTrue();
        prefetcher.TryNext(out _).ShouldBeTrue();
        Should.Throw<InvalidDataException>(() => prefetcher.TryNext(out _)).Message.ShouldBe("item 2");
        Should.Throw<InvalidDataException>(() => prefetcher.TryNext(out _));
    }

    [Fact]
    public void Disposal_stops_the_work_and_disposes_what_was_not_taken()
    {
        var items = new System.Collections.Concurrent.ConcurrentBag<Item>();
        var prefetcher = new Prefetcher<Item>(
            i =>
            {
                var item = new Item(i);
                items.Add(item);
                return item;
            },
            0, long.MaxValue, ahead: 3);
        prefetcher.TryNext(out var first).ShouldBeTrue();
        prefetcher.Dispose();

        items.Where(i => i != first).ShouldAllBe(i => i.Disposed);
        first!.Disposed.ShouldBeFalse();
        int count = items.Count;
        Thread.Sleep(20);
        items.Count.ShouldBe(count);
        Should.Throw<ObjectDisposedException>(() => prefetcher.TryNext(out _));
    }

    private sealed class Item(long number) : IDisposable
    {
        internal long Number { get; } = number;

        internal bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
