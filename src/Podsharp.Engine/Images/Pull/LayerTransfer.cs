using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Pull;

/// <summary>A blob on its way into the staging area.</summary>
public sealed class LayerTransfer(BlobDescriptor blob) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private long _received;

    public BlobDescriptor Blob => blob;

    public Task<IStagedLayer> Result { get; private set; } = null!;

    public long Received => Interlocked.Read(ref _received);

    public bool HasFailed => Result.IsFaulted || Result.IsCanceled;

    /// <summary>Counted by the owner, under its lock.</summary>
    internal int Users { get; set; }

    internal void Begin(Func<CancellationToken, Task<IStagedLayer>> fetch) => Result = Task.Run(() => fetch(_stop.Token));

    internal void Arrived(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Gives it up when it still goes on, and removes what the store has not taken.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            (await Result).Dispose();
        }
        catch (Exception)
        {
            // Told to everybody who waited for it.
        }

        _stop.Dispose();
    }
}
