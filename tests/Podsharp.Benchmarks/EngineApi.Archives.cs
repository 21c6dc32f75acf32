using System.Net.Sockets;
using System.Text;

namespace Podsharp.Benchmarks;

internal sealed partial class EngineApi
{
    /// <summary>
    /// Unpacks a tar in a directory of a container. One thread sends it and blocks, as docker-py does: HttpClient's threads take a quarter of the time
    /// on the processors that the engine needs.
    /// </summary>
    public Task PutArchiveAsync(string container, string directory, byte[] tar) =>
        Task.Factory.StartNew(() => PutArchive(container, directory, tar), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <returns>Bytes of the tar of a path of a container.</returns>
    public Task<long> GetArchiveAsync(string container, string path) => ReadToEndAsync($"containers/{container}/archive?path={path}");

    /// <summary>One measurement, with nothing to compare it with.</summary>
    public Task<long> StatsAsync(string container) => ReadToEndAsync($"containers/{container}/stats?stream=false&one-shot=true");

    /// <summary>Any address that is only read.</summary>
    public Task<long> GetAsync(string path) => ReadToEndAsync(path);

    private void PutArchive(string container, string directory, byte[] tar)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(socket));
        connection.Send(Encoding.ASCII.GetBytes(
            $"PUT /{Version}containers/{container}/archive?path={directory} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: application/x-tar\r\nContent-Length: {tar.Length}\r\n\r\n"));
        for (var sent = 0; sent < tar.Length;) sent += connection.Send(tar.AsSpan(sent));
        using var reply = new StreamReader(new NetworkStream(connection));
        var text = reply.ReadToEnd();
        if (!text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)) throw new InvalidOperationException(text);
    }
}
