using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>
/// The network namespace of an ordinary user's bridges, and the pasta by which it leads outside. Made when the first container needs it; it outlives
/// the service as long as a container is on a bridge.
/// </summary>
internal sealed class BridgeHome(StorePaths paths, PastaCommand pasta) : IDisposable
{
    private const int Terminate = 15;

    private static readonly string[] OfTheirOwn = ["lo", PastaArguments.Outside];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _guests, _pasta;

    public string NamespacePath => paths.BridgesNamespace;

    /// <summary>It is there and leads outside until what is answered is disposed of.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Interfaces() is null) await MakeAsync();
            if (!PastaProcess.Serves(_pasta, NamespacePath)) _pasta = await FindPastaAsync(cancellationToken);
            Interlocked.Increment(ref _guests);
            return new Guest(this);
        }
        finally
        {
            _turn.Release();
        }
    }

    public bool IsThere => Interfaces() is not null;

    /// <summary>Takes it away where no bridge is left.</summary>
    public async Task CloseUnusedAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (Volatile.Read(ref _guests) > 0 || Interfaces() is not { } interfaces || interfaces.Except(OfTheirOwn).Any()) return;
            await PastaProcess.EndAsync(NamespacePath);
            NetworkNamespace.Remove(NamespacePath);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // What belonged to one that ended, with the mounts of its holder, say, would be taken for this one's.
    private async Task MakeAsync()
    {
        await PastaProcess.EndAsync(NamespacePath);
        foreach (var name in (string[])["aardvark-dns", "dead-end"]) new NameServerProcess(Path.Join(paths.NetworkRun, name)).Signal(Terminate);
        NetworkNamespace.Remove(NamespacePath);
        if (Directory.Exists(paths.NetworkRun)) Directory.Delete(paths.NetworkRun, recursive: true);
        Directory.CreateDirectory(paths.NetworkRun, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(paths.NetworkNamespaces);
        await NetworkNamespace.CreateAsync(NamespacePath, new Dictionary<string, string>());
    }

    private async Task<int> FindPastaAsync(CancellationToken cancellationToken)
    {
        if (PastaProcess.Find(NamespacePath) is [var running, ..]) return running;
        await pasta.StartAsync(NamespacePath, PastaArguments.ForBridges(NamespacePath), "Way out of podsharp's bridges", cancellationToken);
        return PastaProcess.Find(NamespacePath) is [var pid, ..] ? pid : 0;
    }

    /// <returns>null: it is not there.</returns>
    private IReadOnlyCollection<string>? Interfaces()
    {
        try
        {
            return new BridgeNamespace(NamespacePath).Interfaces();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Guest(BridgeHome home) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref home._guests);
        }
    }
}
