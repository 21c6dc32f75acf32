namespace Podsharp.Registry.Signatures;

/// <summary>A file or attachment that is said to be a signature. Nothing of it is to be believed yet.</summary>
internal abstract record FoundSignature;

/// <param name="Message">An OpenPGP message.</param>
internal sealed record SimpleSignature(ReadOnlyMemory<byte> Message) : FoundSignature;

/// <param name="Payload">What was signed.</param>
/// <param name="Signature">Base64; null when the attachment has none.</param>
internal sealed record SigstoreSignature(ReadOnlyMemory<byte> Payload, string? Signature) : FoundSignature;
