using RadTex.Data;
using RadTex.Inspection;

namespace RadTex.Prediction.Evaluation;

/// <summary>Labelled radiographs to evaluate or recalibrate a model on: a split of a prepared dataset, or a table of picture files.</summary>
public abstract class LabelledPictures : IDisposable
{
    /// <summary>The folder or file.</summary>
    public abstract string Name { get; }

    /// <summary>The dataset's hash, or the table's SHA-256.</summary>
    public abstract string Hash { get; }

    /// <summary>Whether the radiographs are drawn, not taken of patients.</summary>
    public abstract bool Synthetic { get; }

    /// <summary>Within what a patient's id means one person.</summary>
    public abstract PatientDomain Domain { get; }

    /// <summary>Whether patients are known; else each picture counts as a patient of its own.</summary>
    public virtual bool HasPatients => true;

    /// <summary>The rows, with labels in the order of <see cref="LabelNames"/>.</summary>
    public abstract IReadOnlyList<PreparedRadiograph> Radiographs { get; }

    /// <summary>The labels' names, in the order of each row's labels.</summary>
    public abstract IReadOnlyList<string> LabelNames { get; }

    /// <summary>Rows that were left out before any picture was read, and why.</summary>
    public virtual IReadOnlyList<(string Picture, string Reason)> LeftOut => [];

    /// <summary>What a reader must know of the data.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>What a reader must know of how these pictures meet a model's input; null for nothing.</summary>
    /// <exception cref="UserErrorException">The data do not fit the model.</exception>
    internal abstract string? Check(IRadiographModel model);

    /// <summary>The inputs of rows, by their image ids.</summary>
    internal abstract InputBatch Read(InputPipeline pipeline, IReadOnlyList<int> rows);

    /// <summary>Releases what the pictures are read from: a dataset's mapped pixels, nothing for a table of files.</summary>
    public abstract void Dispose();
}
