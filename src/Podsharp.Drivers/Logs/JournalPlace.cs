namespace Podsharp.Drivers.Logs;

/// <summary>Where the journal is.</summary>
public sealed record JournalPlace
{
    /// <summary>Of journal files; null: the machine's.</summary>
    public string? Files { get; init; }

    /// <summary>Of journald's sockets.</summary>
    public string Sockets { get; init; } = "/run/systemd/journal";
}
