using RadTex.Data;
using RadTex.Files;

namespace RadTex.Preparing;

/// <summary>The name a dataset is prepared under: what is there already, and how a whole one gets there.</summary>
internal static class PreparationOutput
{
    /// <summary>The dataset of that name, if it is the one asked for.</summary>
    /// <exception cref="UserErrorException">Something else of that name is there.</exception>
    internal static DatasetManifest? FindExisting(PreparationPlan plan)
    {
        var (options, record) = (plan.Options, plan.Record);
        if (!Path.Exists(options.Output)) return null;
        var manifest = Path.Combine(options.Output, DatasetFiles.Manifest);
        if (!File.Exists(manifest))
            throw new UserErrorException($"{options.Output} exists and is no prepared dataset, so it is left alone. Choose another setting 'out'.");
        if (options.Force) return null;
        using var dataset = PreparedDataset.Open(options.Output);
        if (dataset.Manifest.Inputs == plan.Inputs) return dataset.Manifest;
        if (options.Update) return null;
        var there = PreparationDifference.Settings(dataset.Manifest.Source, dataset.Manifest.ShortSide);
        var differences = PreparationDifference.Between(there, plan.Settings);
        var cure = EarlierDataset.Obstacles(dataset.Manifest, record, options.ShortSide).Length == 0
            ? "Bring it up to date with the setting 'update', replace it with the setting 'force', or choose another setting 'out'."
            : "Replace it with the setting 'force', or choose another setting 'out'.";
        throw new UserErrorException($"{options.Output} is a prepared dataset of other settings: {differences}. {cure}");
    }

    /// <summary>Gives a whole dataset its name; one that is there is replaced, so that a kill leaves the one or the other.</summary>
    /// <exception cref="UserErrorException">Something is in the way.</exception>
    internal static void Publish(string work, string output)
    {
        var final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        var old = final + ".replaced";
        bool isOurs = File.Exists(Path.Combine(old, DatasetFiles.Manifest)); // left by a kill between the two renames
        if (Directory.Exists(final))
        {
            if (isOurs) Directory.Delete(old, recursive: true);
            else if (Path.Exists(old))
                throw new UserErrorException($"{old} is in the way of replacing {final}. Move it elsewhere and run the same command again.");
            Directory.Move(final, old);
            isOurs = true;
        }
        Directory.Move(work, final);
        Posix.FlushDirectory(Path.GetDirectoryName(final)!);
        if (isOurs) Directory.Delete(old, recursive: true);
    }
}
