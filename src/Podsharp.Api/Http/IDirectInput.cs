namespace Podsharp.Api.Http;

/// <summary>A connection whose bytes the thread that wants them may receive itself, instead of having them handed over by another.</summary>
public interface IDirectInput
{
    /// <summary>Until the answer is disposed, reads of the connection's input come from one thread, and may block it for a moment.</summary>
    IDisposable Begin();
}
