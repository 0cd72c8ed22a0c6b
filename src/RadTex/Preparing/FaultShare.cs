using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>
/// The share of faulty inputs of a preparation: damaged, missing or nonsensical ones, not those left out because they were not asked for.
/// A few are listed and passed over; many mean that the archive is not what it is taken for.
/// </summary>
internal sealed class FaultShare
{
    private readonly PreparationOptions options;
    private readonly Dictionary<string, int> faults;
    private readonly long inputs;

    internal FaultShare(PreparationOptions options, StudyListing listing)
    {
        this.options = options;
        faults = listing.Rejects.Where(r => RejectReason.IsFault(r.Reason)).CountBy(r => r.Reason).ToDictionary();
        inputs = listing.Radiographs.Count + faults.Values.Sum();
    }

    /// <summary>Whether there are too many whatever is still to come.</summary>
    internal bool AreTooMany => faults.Values.Sum() > options.MostFaults * inputs;

    internal static bool IsFault(PreparedItem item) => item.Reason is { } reason && RejectReason.IsFault(reason);

    internal void Count(PreparedItem item)
    {
        if (IsFault(item)) faults[item.Reason!] = faults.GetValueOrDefault(item.Reason!) + 1;
    }

    /// <summary>The error that says so.</summary>
    /// <param name="done">How many radiographs were opened.</param>
    /// <param name="list">The file that lists every reject so far.</param>
    internal UserErrorException Explain(int done, string list)
    {
        var counts = string.Join(", ", faults.OrderByDescending(f => f.Value).Select(f => $"{f.Key} {f.Value:N0}"));
        return new UserErrorException(
            $"{faults.Values.Sum():N0} of {inputs:N0} inputs are faulty ({counts}), after {done:N0} were opened; at most "
                + $"{options.MostFaults * 100:0.##}% may be. "
            + $"{list} lists each. Mend the archive, or allow more with the setting 'most-faults', and run the same command again.");
    }
}
