using RadTex.Data;
using RadTex.Imaging;

namespace RadTex.Prediction;

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

    public abstract IReadOnlyList<string> LabelNames { get; }

    /// <summary>Rows that were left out before any picture was read, and why.</summary>
    public virtual IReadOnlyList<(string Picture, string Reason)> LeftOut => [];

    /// <summary>What a reader must know of the data.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Makes ready for a model's input.</summary>
    /// <exception cref="UserErrorException">The data do not fit the model.</exception>
    internal abstract void Prepare(IRadiographModel model);

    /// <summary>The prepared 8-bit picture of a row; safe from many threads.</summary>
    /// <exception cref="ImageFaultException">It cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal abstract (ReadOnlyMemory<byte> Pixels, int Height, int Width) Read(int row);

    public abstract void Dispose();
}
