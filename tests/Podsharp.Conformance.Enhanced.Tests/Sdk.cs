namespace Podsharp.Conformance.Tests;

/// <summary>What Docker.DotNet.Enhanced names differently than Docker.DotNet.</summary>
internal static class Sdk
{
    /// <summary>Asks attach for the log, too.</summary>
    public const bool WithLogs = true;

    public static DockerClient Connect(string socket) => new DockerClientBuilder().WithEndpoint(new Uri($"unix://{socket}")).Build();

    public static Task<MultiplexedStream> AttachAsync(this DockerClient client, string container, bool tty, ContainerAttachParameters parameters)
    {
        _ = tty;
        return client.Containers.AttachContainerAsync(container, parameters, CancellationToken.None);
    }

    public static Task<MultiplexedStream> LogsAsync(this DockerClient client, string container, bool tty, ContainerLogsParameters parameters)
    {
        _ = tty;
        return client.Containers.GetContainerLogsAsync(container, parameters, CancellationToken.None);
    }

    public static async Task<string> CreateExecAsync(this DockerClient client, string container, bool stdin, bool tty, params string[] command)
    {
        var created = await client.Exec.CreateContainerExecAsync(container, new ContainerExecCreateParameters
        {
            AttachStdin = stdin,
            AttachStdout = true,
            AttachStderr = true,
            TTY = tty,
            Cmd = command,
        });
        return created.ID;
    }

    public static Task<MultiplexedStream> StartExecAsync(this DockerClient client, string exec, bool tty) =>
        client.Exec.StartContainerExecAsync(exec, new ContainerExecStartParameters { TTY = tty });

    public static async Task<ContainerPathStatResponse> StatAsync(this DockerClient client, string container, string path) =>
        (await client.Containers.GetArchiveFromContainerAsync(container, new ContainerPathStatParameters { Path = path }, statOnly: true)).Stat;

    public static async Task<(ContainerPathStatResponse Stat, Stream Tar)> GetAsync(this DockerClient client, string container, string path)
    {
        var got = await client.Containers.GetArchiveFromContainerAsync(container, new ContainerPathStatParameters { Path = path }, statOnly: false);
        return (got.Stat, got.Stream!);
    }

    public static Task PutAsync(this DockerClient client, string container, string path, Stream tar) =>
        client.Containers.ExtractArchiveToContainerAsync(container, new CopyToContainerParameters { Path = path }, tar);
}
