using System.Diagnostics;
using System.Net;
using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// This store's aardvark-dns, one for all its networks. It reads its files again when it is told to by a signal, is deaf meanwhile, and forgets a signal
/// that comes in this time: so it is told again when it has done, and questions wait until then (<see cref="QuestionHold"/>).
/// </summary>
internal sealed class NameServer(StorePaths paths, QuestionHold hold, BridgeNamespace space, int port)
{
    private const int ReadAgain = 1, Doubts = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1), AnswerTime = TimeSpan.FromMilliseconds(20);

    // A busy machine lets it wait; one that has never been seen to close its sockets may not do so at all (aardvark-dns 1.11).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), FirstPatience = TimeSpan.FromMilliseconds(100);

    // A slow machine, or one whose firewall is locked, lets a call take longer than a resolver asks (10 s); the server closes its sockets only at its end.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly NameServerProcess _process = new(DirectoryOf(paths));
    private Task _reading = Task.CompletedTask;
    private bool _again, _isReading, _isKnownToClose;
    private int _doubts;

    /// <summary>Where netavark keeps its files for it.</summary>
    public string Directory => DirectoryOf(paths);

    public bool IsRunning => _process.IsRunning;

    /// <summary>One for each network that it serves.</summary>
    public IReadOnlyList<string> Files()
    {
        try
        {
            return [.. global::System.IO.Directory.EnumerateFiles(Directory).Where(file => !file.EndsWith(NameServerProcess.PidFile, StringComparison.Ordinal))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Makes it read its files again, at once or, where it is at that, afterwards. With none left it ends.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            _again = true;
            if (_isReading) return;
            _isReading = true;
            _reading = ReadAsync();
        }
    }

    /// <summary>A call of netavark's, which tells the server at its end. Returns with the call's end, the server may still be reading. One at a time.</summary>
    public async Task DuringAsync(Func<Task> call)
    {
        if (!IsRunning)
        {
            await call();
            return;
        }

        while (!TryOccupy(out var reading)) await reading;
        var held = hold.Begin();
        var (before, done) = (DatagramSockets.At(space, port), false);
        try
        {
            await LettingThroughAsync(call(), before);
            done = true;
        }
        finally
        {
            lock (_gate) _reading = FollowAsync(held, done ? before : null);
        }
    }

    private async Task LettingThroughAsync(Task call, Dictionary<IPAddress, DatagramSocket> before)
    {
        while (await Task.WhenAny(call, Task.Delay(LongestWait)) != call)
        {
            if (IsUnchanged(before)) hold.LetThrough();
        }

        await call;
    }

    private bool IsUnchanged(Dictionary<IPAddress, DatagramSocket> before)
    {
        try
        {
            var now = DatagramSockets.At(space, port);
            return now.Count == before.Count && now.All(pair => before.TryGetValue(pair.Key, out var socket) && socket.Inode == pair.Value.Inode);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool TryOccupy(out Task reading)
    {
        lock (_gate)
        {
            reading = _reading;
            if (_isReading) return false;
            return _isReading = true;
        }
    }

    private async Task FollowAsync(IDisposable held, Dictionary<IPAddress, DatagramSocket>? before)
    {
        using (held)
        {
            if (before is not null) await TryAsync(() => OpenedAsync(before));
        }

        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        while (TakeAgain()) await TryAsync(ReadOnceAsync);
    }

    private async Task ReadOnceAsync()
    {
        using var held = hold.Begin();
        var before = await AnsweredAsync();
        if (_process.Signal(ReadAgain)) await OpenedAsync(before);
    }

    // Whoever is next must not suffer from it: without descriptors, say, the server is told and nobody waits.
    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (IOException)
        {
        }
    }

    // What it has received it takes with it.
    private async Task<Dictionary<IPAddress, DatagramSocket>> AnsweredAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            await Task.Delay(Look);
            var sockets = DatagramSockets.At(space, port);
            if (sockets.Values.All(socket => socket.Unread == 0) || clock.Elapsed > AnswerTime) return sockets;
        }
    }

    private bool TakeAgain()
    {
        lock (_gate)
        {
            if (!_again) return _isReading = false;
            _again = false;
            return true;
        }
    }

    // Until each of its addresses has a new socket.
    private async Task OpenedAsync(Dictionary<IPAddress, DatagramSocket> before)
    {
        if (_doubts >= Doubts) return;
        var (clock, limit) = (Stopwatch.StartNew(), _isKnownToClose ? Patience : FirstPatience);
        while (clock.Elapsed < limit)
        {
            await Task.Delay(Look);
            var (expected, now) = (Addresses(), DatagramSockets.At(space, port));
            if (expected.Count == 0 || !IsRunning) return;
            if (!expected.All(address => now.TryGetValue(address, out var socket) && socket.Inode != before.GetValueOrDefault(address)?.Inode)) continue;
            (_isKnownToClose, _doubts) = (true, 0);
            return;
        }

        if (!_isKnownToClose) _doubts++;
    }

    // The first line of a file: the addresses to listen at, then those to ask.
    private List<IPAddress> Addresses()
    {
        var addresses = new List<IPAddress>();
        foreach (var file in Files())
        {
            var listen = NameServerProcess.ReadText(file)?.Split('\n')[0].Split(' ')[0] ?? "";
            foreach (var text in listen.Split(','))
            {
                if (IPAddress.TryParse(text, out var address)) addresses.Add(address);
            }
        }

        return addresses;
    }

    private static string DirectoryOf(StorePaths paths) => Path.Join(paths.NetworkRun, "aardvark-dns");
}
