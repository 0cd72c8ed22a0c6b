namespace RadTex.Transfer;

/// <summary>How a head is trained.</summary>
public enum HeadKind
{
    /// <summary>Standardised features, L2 logistic regression to convergence, strength by cross-validation: the practical default.</summary>
    Logistic,

    /// <summary>The paper's recipe (section 2.4): SGD with momentum, warm-up and cosine over a fixed number of epochs.</summary>
    Paper,

    /// <summary>No head on a frozen encoder: the whole network trained from the examples (section 2.4), from pretrained or from random weights.</summary>
    FineTuned,
}
