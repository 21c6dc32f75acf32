namespace Podsharp.Core.Registries;

/// <summary>What a request says about transport security, on top of the configuration.</summary>
public sealed record EndpointRules
{
    public static EndpointRules AsConfigured { get; } = new();

    /// <summary>Registries on loopback (127.0.0.0/8, ::1, localhost) are insecure unless configured otherwise.</summary>
    public bool LoopbackIsInsecure { get; init; }

    /// <summary>Null: as configured; false: every endpoint is insecure; true: none is.</summary>
    public bool? VerifyTls { get; init; }
}
