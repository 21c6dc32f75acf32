namespace Podsharp.Core.Registries;

/// <summary>Checks OpenPGP messages (RFC 9580) by a program made for it.</summary>
public interface IOpenPgp
{
    /// <summary>Opens a message that must bear exactly one valid signature, by one of the keys. Internal when the program is missing or cannot be run.</summary>
    /// <param name="keyrings">Binary OpenPGP keys; each ring may hold several.</param>
    Task<OpenPgpOutcome> OpenAsync(ReadOnlyMemory<byte> message, IReadOnlyList<ReadOnlyMemory<byte>> keyrings, CancellationToken cancellationToken);
}

/// <param name="Content">What was signed; empty when it is not proven.</param>
/// <param name="Failure">Why the message is not to be believed; empty when it is.</param>
public sealed record OpenPgpOutcome(ReadOnlyMemory<byte> Content, string Failure)
{
    public bool IsProven => Failure.Length == 0;
}
