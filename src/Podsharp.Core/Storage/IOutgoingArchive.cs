namespace Podsharp.Core.Storage;

/// <summary>
/// A tar that is ready to be written, once: what can be refused has been refused before it exists. Disposing lets go of what it keeps
/// from being removed.
/// </summary>
public interface IOutgoingArchive : IAsyncDisposable
{
    /// <summary>Streams it. What was written when this fails is no archive: the receiver must be told of the failure.</summary>
    Task WriteToAsync(Stream target, CancellationToken cancellationToken);
}
