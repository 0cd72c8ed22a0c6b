using System.Text;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>A task with the radiographs it trains and is tested on, checked.</summary>
internal sealed record TaskData(TransferTask Task, LabelledRadiographs Train, LabelledRadiographs Test, TaskCounts Counts)
{
    private const ulong DrawStream = 0x44726177, ChoiceStream = 0x43686F6F7365, FoldStream = 0x466F6C64; // "Draw", "Choose", "Fold"

    /// <summary>The task's own random stream, the same on every machine and in every sweep it is part of (FNV-1a of its name).</summary>
    internal ulong Key { get; } = KeyOf(Task.Name);

    /// <exception cref="UserErrorException">One class only, more examples asked for than there are, or a patient in training and test.</exception>
    internal static TaskData Of(LabelledPool train, LabelledPool test, TransferTask task, TransferPlan plan)
    {
        var (trainLabels, testLabels) = (train.ToLearn(task), test.ToTest(task));
        int classes = Math.Max(trainLabels.ClassCount, testLabels.ClassCount);
        var counts = new TaskCounts(
            task.Name, classes, Tally(trainLabels.Classes, classes), trainLabels.Uncertain, trainLabels.Blank,
            Tally(testLabels.Classes, classes), testLabels.Uncertain, testLabels.Blank);
        if (counts.Train.Count(c => c > 0) < 2)
            throw new UserErrorException(
                $"'{task.Name}' has labelled training radiographs of fewer than two classes: {Describe(counts.Train)}. A blank "
                    + "is no negative: name another label, or 'LABEL vs OTHER'.");
        if (testLabels.Rows.Length == 0)
            throw new UserErrorException($"'{task.Name}' has no labelled test radiographs. Name another split, dataset or label for the test.");
        if (plan.Examples.Max() is { } most && most > trainLabels.Rows.Length)
            throw new UserErrorException(
                $"'{task.Name}' has {trainLabels.Rows.Length:N0} labelled training radiographs ({Describe(counts.Train)}), "
                    + $"fewer than {most:N0}. Ask for fewer, or 'all'.");
        if (!plan.PatientsDiffer)
        {
            var patients = trainLabels.Rows.Select(r => train.Radiographs[r].PatientId).ToHashSet(StringComparer.Ordinal);
            int shared = testLabels.Rows.Select(r => test.Radiographs[r].PatientId).Distinct(StringComparer.Ordinal).Count(patients.Contains);
            if (shared > 0)
                throw new UserErrorException(
                    $"{shared:N0} patients of '{task.Name}' are in training and in test. Expected none: test on another split, or, "
                        + "where two archives "
                    + "number their patients independently, say so.")
                {
                    Setting = "patients-differ",
                };
        }
        return new(task, trainLabels, testLabels, counts);
    }

    /// <summary>The figures of probabilities of <see cref="Test"/>, [n] of class 1 or [n, C].</summary>
    internal TransferScores Scores(ReadOnlySpan<double> probabilities) =>
        TransferScores.Of(probabilities, Test.Classes, Counts.Classes, Test.Views, Test.Patients);

    /// <summary>The order in which a trial takes <see cref="Train"/>, and how often it was drawn again.</summary>
    internal (int[] Order, int Redraws) Draw(TransferPlan plan, int trial) =>
        Draw(plan, new CounterRandom((ulong)plan.Seed, (ulong)trial, Key, DrawStream));

    /// <summary>A draw that is no trial's, for choices that are not to depend on any trial.</summary>
    internal int[] DrawForChoice(TransferPlan plan) => Draw(plan, new CounterRandom((ulong)plan.Seed, 0, Key, ChoiceStream)).Order;

    /// <summary>What orders the patients of a trial's draw for the logistic head's folds.</summary>
    internal CounterRandom FoldOrder(TransferPlan plan, int trial) => new((ulong)plan.Seed, (ulong)trial, Key, FoldStream);

    private (int[] Order, int Redraws) Draw(TransferPlan plan, CounterRandom random)
    {
        int smallest = Math.Min(plan.Smallest ?? Train.Rows.Length, Train.Rows.Length);
        return LabelDraw.Order(Train.Classes, smallest, random)
            ?? throw new UserErrorException(
                $"{LabelDraw.MostRedraws:N0} draws of {smallest} labelled radiographs for '{Task.Name}' all showed one class: "
                    + $"{Describe(Counts.Train)}. Ask for more examples.");
    }

    internal static int[] Tally(IEnumerable<int> classes, int classCount)
    {
        var counts = new int[classCount];
        foreach (int c in classes) counts[c]++;
        return counts;
    }

    private static string Describe(IReadOnlyList<int> counts) =>
        counts.Count == 2 ? $"{counts[1]:N0} positive, {counts[0]:N0} negative" : string.Join(", ", counts.Select((n, c) => $"{n:N0} of grade {c}"));

    internal static ulong KeyOf(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211;
        return hash;
    }
}
