namespace RadTex.Heads;

/// <summary>How a head is trained.</summary>
public enum HeadKind
{
    /// <summary>Standardised features, L2 logistic regression to convergence, strength by cross-validation: the practical default.</summary>
    Logistic,

    /// <summary>The paper's recipe (section 3.2): SGD with momentum, warm-up and cosine over a fixed number of epochs.</summary>
    Paper,

    /// <summary>No head on a frozen encoder: the whole network trained from the examples (section 3.2), from pretrained or from random
    /// weights.</summary>
    FineTuned,
}
