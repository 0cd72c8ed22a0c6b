using RadTex.Data;
using RadTex.Selection;
using RadTex.Studies;

namespace RadTex.Studio;

/// <summary>
/// A project that is not made yet, since nobody said what is asked: a reader chooses it in a page, once. Safe for use by several threads.
/// </summary>
public sealed class StudioSetup
{
    private const int MostFindings = 20, LongestFinding = 100, LargestClasses = 10;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource<StudioOptions> chosen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StudioSetup(StudioOptions proposed, bool readersAreFixed) => (Proposed, ReadersAreFixed) = (proposed, readersAreFixed);

    /// <summary>Everything but the findings, as it is unless the reader changes it.</summary>
    public StudioOptions Proposed { get; }

    /// <summary>Whether readers are known otherwise, by passwords or a proxy, and cannot be chosen here.</summary>
    public bool ReadersAreFixed { get; }

    /// <summary>What the dataset has labels of, whose names may be asked; none where they are not known.</summary>
    public IReadOnlyList<string> LabelNames { get; private init; } = [];

    /// <summary>Radiographs and patients that may be asked; null while a folder is being prepared.</summary>
    public (int Radiographs, int Patients)? Pool { get; private init; }

    /// <summary>Whether the radiographs are drawn.</summary>
    public bool Synthetic { get; private init; }

    /// <summary>What was chosen, once it is.</summary>
    public Task<StudioOptions> Chosen => chosen.Task;

    /// <summary>Of a prepared dataset.</summary>
    /// <param name="proposed">Names it; its findings are none.</param>
    /// <param name="readersAreFixed">See <see cref="ReadersAreFixed"/>.</param>
    /// <exception cref="UserErrorException">It cannot be opened, or has nothing to label.</exception>
    public static StudioSetup OfDataset(StudioOptions proposed, bool readersAreFixed)
    {
        using var dataset = PreparedDataset.Open(proposed.Dataset);
        Workplace.RequirePool(dataset, proposed.Dataset);
        var training = dataset.IndicesOf(Split.Train);
        return new(proposed, readersAreFixed)
        {
            LabelNames = dataset.LabelNames,
            Pool = (training.Count, training.Select(i => dataset[i].PatientId).Distinct().Count()),
            Synthetic = dataset.Manifest.Synthetic,
        };
    }

    /// <summary>Of a folder of pictures, of which nothing is known before it is prepared.</summary>
    /// <param name="proposed">Names the folder in the place of the dataset; its findings are none.</param>
    /// <param name="readersAreFixed">See <see cref="ReadersAreFixed"/>.</param>
    public static StudioSetup OfFolder(StudioOptions proposed, bool readersAreFixed) => new(proposed, readersAreFixed);

    /// <summary>Takes a reader's choice.</summary>
    /// <param name="reader">Who chooses, and stays a reader.</param>
    /// <param name="choice">What was chosen.</param>
    /// <exception cref="UserErrorException">It cannot be asked so, or another reader chose before.</exception>
    internal void Choose(string reader, SetupChoice choice)
    {
        string[] findings = [.. choice.Findings.Select(f => f.Trim()).Where(f => f.Length > 0)];
        if (findings.Length == 0) throw new UserErrorException("Nothing is asked yet. Choose a finding, or name one of your own.");
        if (findings.Length > MostFindings) throw new UserErrorException($"{findings.Length} findings are too many. Choose up to {MostFindings}.");
        foreach (var finding in findings)
            if (finding.Length > LongestFinding || finding.Contains(',', StringComparison.Ordinal) || PrintableText.Of(finding) != finding
                || finding.Any(char.IsControl))
                throw new UserErrorException(
                    $"'{PrintableText.Of(finding)}' cannot be asked: expected a name of one line, up to {LongestFinding} letters.");
        if (findings.Distinct(StringComparer.OrdinalIgnoreCase).Count() < findings.Length)
            throw new UserErrorException("A finding is named twice. Name each once.");
        if (choice.Classes is < 2 or > LargestClasses)
            throw new UserErrorException($"{choice.Classes} grades cannot be asked. Choose 0 to 2 up to 0 to {LargestClasses - 1}.");
        if (choice.SharedShare is not (>= 0 and <= 1)) throw new UserErrorException("The share that all readers are asked lies between 0 and 1.");
        string[] readers = [.. choice.Readers.Select(r => r.Trim())];
        if (ReadersAreFixed) readers = [.. Proposed.Readers];
        if (readers.FirstOrDefault(r => !ReaderHandle.Is(r)) is { } wrong)
            throw new UserErrorException(
                $"'{PrintableText.Of(wrong)}' is no handle: expected letters, digits, - and _, such as reader-2. Never a name.");
        if (readers.Distinct().Count() < readers.Length) throw new UserErrorException("A reader is named twice. Name each once.");
        if (!readers.Contains(reader)) throw new UserErrorException($"You read as {reader}. Leave that handle among the readers.");
        _ = SelectionPolicies.Of(choice.Policy);
        lock (gate)
            if (!chosen.TrySetResult(Proposed with
            {
                Findings = findings,
                Classes = choice.Classes,
                Together = choice.Together && findings.Length > 1,
                Readers = readers,
                SharedShare = readers.Length > 1 ? choice.SharedShare : 0,
                Policy = choice.Policy,
            }))
                throw new UserErrorException("Another reader has chosen meanwhile. Load the page again.");
    }
}
