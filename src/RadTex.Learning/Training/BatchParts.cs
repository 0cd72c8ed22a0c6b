using System.Runtime.InteropServices;
using RadTex.Learning.Distributed;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>The parts of a task's batches that this process works on: preparing them, and their share of the gradient.</summary>
internal sealed class BatchParts<TPart> where TPart : class, IDisposable
{
    private readonly TrainingTask<TPart> task;
    private readonly ProcessGroup processes;
    private readonly long seed;
    private readonly int count; // parts of a batch, of all processes
    private readonly bool onGpu;

    /// <param name="task">What is learnt.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="processes">Those that train together; null for this one alone.</param>
    /// <exception cref="UserErrorException">The batches cannot be shared out among the processes.</exception>
    internal BatchParts(TrainingTask<TPart> task, long seed, ProcessGroup? processes = null)
    {
        (this.task, this.seed, this.processes) = (task, seed, processes ?? ProcessGroup.Alone);
        onGpu = task.Model.parameters().Any(p => p.device_type != TorchSharp.DeviceType.CPU);
        int ranks = this.processes.Size, batch = task.Sampler.BatchSize;
        count = task.Groups ?? ranks;
        if (count % ranks != 0)
            throw new UserErrorException(
                $"training.groups is {count}, and {ranks} processes cannot share them out evenly. Start as many as divide it, or set "
                    + $"training.groups={ranks}: batch norm then sees {batch / ranks} radiographs at a time.");
        if (task.Groups is null && ranks > 1 && batch < 2 * ranks)
            throw new UserErrorException(
                $"A batch of {batch} cannot be shared out among {ranks} processes: batch norm needs two radiographs each. Start fewer, or set "
                    + $"training.batch_size={2 * ranks} or more.");
    }

    /// <summary>A step's batch. It follows from the step alone; any thread may make it.</summary>
    internal PreparedBatch<TPart> Prepare(long step)
    {
        var batch = task.Deal(task.Sampler.Batch(step), count);
        int own = count / processes.Size;
        var parts = new List<(PartOfBatch, TPart)>(own);
        for (int number = processes.Rank * own; number < (processes.Rank + 1) * own; number++)
        {
            var part = PartOfBatch.Cut(step, batch, number, count);
            parts.Add((part, task.Prepare(part)));
        }
        return new(batch, parts);
    }

    /// <summary>Adds the gradient of this process's share of the loss to every parameter's.</summary>
    /// <exception cref="UserErrorException">The device's memory does not hold a part; the message says how many radiographs fit.</exception>
    internal StepLosses Backpropagate(PreparedBatch<TPart> batch)
    {
        if (task is IWholeBatchTask<TPart> { ComparesWholeBatch: true } whole)
            return OutOfMemoryExplained(batch.Parts[0].Part, () => Backpropagate(whole, batch));
        StepLosses? sum = null;
        foreach (var (part, data) in batch.Parts)
        {
            var own = OutOfMemoryExplained(part, () => Backpropagate(part, data));
            sum = sum is null ? own : new(
                Sum(sum.Parts, own.Parts), 0, sum.Images + own.Images, sum.Tokens + own.Tokens, Sum(sum.Figures, own.Figures));
        }
        return sum! with { Total = sum.Parts.Sum(term => term.Value) };
    }

    private static List<(string Name, double Value)> Sum(
        IReadOnlyList<(string Name, double Value)> first, IReadOnlyList<(string Name, double Value)> second) =>
        [.. first.Zip(second, (a, b) => (a.Name, a.Value + b.Value))];

    private StepLosses Backpropagate(PartOfBatch part, TPart data)
    {
        using var scope = NewDisposeScope();
        using var random = TrainingLoop.Seed(seed, part.Step, part.Number, onGpu);
        BatchNorm.TrackStatistics(task.Model, part.Number == 0); // as the reference: DDP keeps the first GPU's buffers
        var loss = task.Loss(data, part);
        loss.Loss.backward();
        return new(
            [.. loss.Terms.Select(term => (term.Name, term.Value.to(ScalarType.Float64).item<double>()))], 0, part.Radiographs.Count, loss.Tokens,
            loss.Figures ?? []);
    }

    private StepLosses Backpropagate(IWholeBatchTask<TPart> whole, PreparedBatch<TPart> batch)
    {
        using var scope = NewDisposeScope();
        var all = EmbedAll(whole, batch);                                                    // [B, W], the same on every rank
        all.requires_grad = true;
        var loss = whole.Loss(all);
        // Every rank has the whole loss: what it learns beside the embeddings, such as a temperature, one of them adds.
        var gradient = processes.IsFirst ? OfBackward(loss.Loss, all) : autograd.grad([loss.Loss], [all])[0]; // [B, W]
        foreach (var (part, data) in batch.Parts)
        {
            using var inner = NewDisposeScope();
            using var random = TrainingLoop.Seed(seed, part.Step, part.Number, onGpu);
            BatchNorm.TrackStatistics(task.Model, part.Number == 0);
            var own = whole.Embed(data);
            own.mul(gradient.narrow(0, part.First, own.shape[0])).sum().backward();
        }
        List<(string Name, double Value)> terms =
            [.. loss.Terms.Select(t => (t.Name, processes.IsFirst ? t.Value.to(ScalarType.Float64).item<double>() : 0))];
        return new(terms, terms.Sum(t => t.Value), batch.Parts.Sum(p => p.Part.Radiographs.Count), 0, []);
    }

    private static Tensor OfBackward(Tensor loss, Tensor leaf)
    {
        loss.backward();
        return leaf.grad!;
    }

    private Tensor EmbedAll(IWholeBatchTask<TPart> whole, PreparedBatch<TPart> batch)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        BatchNorm.TrackStatistics(task.Model, false); // the pass that learns does
        Tensor? all = null;
        foreach (var (part, data) in batch.Parts)
        {
            using var random = TrainingLoop.Seed(seed, part.Step, part.Number, onGpu);
            var own = whole.Embed(data);
            all ??= own.new_zeros(batch.Radiographs.Count, own.shape[1]);
            all.narrow(0, part.First, own.shape[0]).copy_(own);
        }
        processes.Sum(all!); // other ranks' rows were zero
        return all!.MoveToOuterDisposeScope();
    }

    private TResult OutOfMemoryExplained<TResult>(PartOfBatch part, Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e) when (IsOutOfMemory(e))
        {
            int asked = part.Radiographs.Count, fits = asked / 2;
            while (fits >= 2 && !Fits(part, fits)) fits /= 2; // the part's own tensors are gone by now
            var cure = fits >= 2 ? $"{fits} fit, as was just tried: {SmallerBatch(fits)}." : "Not even 2 fit: take a smaller image or network.";
            throw new UserErrorException($"There is too little memory to train on {asked} radiographs at once ({FirstLine(e)}). {cure}", e);
        }
    }

    private bool Fits(PartOfBatch part, int radiographs)
    {
        try
        {
            var smaller = part with { Radiographs = [.. part.Radiographs.Take(radiographs)] };
            using var data = task.Prepare(smaller);
            Backpropagate(smaller, data);
            return true;
        }
        catch (ExternalException e) when (IsOutOfMemory(e))
        {
            return false;
        }
    }

    private string SmallerBatch(int radiographs)
    {
        int whole = task.Sampler.BatchSize;
        if (task.Groups is null) return $"take batches of {radiographs * count}";
        return $"set training.batch_size={radiographs * count}" + (whole % radiographs == 0
            ? $", or training.groups={whole / radiographs} to keep {whole} an update (batch norm then sees {radiographs} at a time)"
            : "");
    }

    // "CUDA out of memory. Tried to allocate ..." of a GPU, "DefaultCPUAllocator: can't allocate memory: ..." of the host.
    private static bool IsOutOfMemory(ExternalException e) =>
        e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("can't allocate memory", StringComparison.Ordinal);

    private static string FirstLine(ExternalException e) => e.Message.Split('\n')[0].Trim().TrimEnd('.');
}
