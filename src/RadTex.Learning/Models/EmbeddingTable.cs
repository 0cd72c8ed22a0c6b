using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>A table of rows ~ N(0, 0.02); the padding row, where there is one, starts at zero.</summary>
public sealed class EmbeddingTable : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    /// <summary>A table [rows, width] float32 on the CPU.</summary>
    /// <param name="rows">Tokens of the vocabulary, or positions of a caption.</param>
    /// <param name="width">D.</param>
    /// <param name="paddingRow">The row that starts at zero; null for none.</param>
    /// <param name="generator">The values are drawn from it; null: from torch's own, which is the process's.</param>
    public EmbeddingTable(int rows, int width, int? paddingRow, Generator? generator = null) : base(nameof(EmbeddingTable))
    {
        var table = InitialValues.Normal(InitialValues.Deviation, [rows, width], generator);
        if (paddingRow is int row) table[row].zero_();
        weight = nn.Parameter(table);
        RegisterComponents();
    }

    internal Parameter Weight => weight;

    /// <summary>Rows [N] int64 to [N, D].</summary>
    public override Tensor forward(Tensor rows) => weight.index_select(0, rows);
}
