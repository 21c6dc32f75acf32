namespace Podsharp.Conformance.Tests;

/// <summary>What Docker.DotNet names differently than Docker.DotNet.Enhanced.</summary>
internal static class Sdk
{
    /// <summary>Asks attach for the log, too.</summary>
    public const string WithLogs = "1";

    public static DockerClient Connect(string socket)
    {
        using var configuration = new DockerClientConfiguration(new Uri($"unix://{socket}"));
        return configuration.CreateClient();
    }

    public static Task<MultiplexedStream> AttachAsync(this DockerClient client, string container, bool tty, ContainerAttachParameters parameters) =>
        client.Containers.AttachContainerAsync(container, tty, parameters);

    public static Task<MultiplexedStream> LogsAsync(this DockerClient client, string container, bool tty, ContainerLogsParameters parameters) =>
        client.Containers.GetContainerLogsAsync(container, tty, parameters);

    public static async Task<string> CreateExecAsync(this DockerClient client, string container, bool stdin, bool tty, params string[] command)
    {
        var created = await client.Exec.ExecCreateContainerAsync(container, new ContainerExecCreateParameters
        {
            AttachStdin = stdin,
            AttachStdout = true,
            AttachStderr = true,
            Tty = tty,
            Cmd = command,
        });
        return created.ID;
    }

    public static Task<MultiplexedStream> StartExecAsync(this DockerClient client, string exec, bool tty) => client.Exec.StartAndAttachContainerExecAsync(exec, tty);

    public static async Task<ContainerPathStatResponse> StatAsync(this DockerClient client, string container, string path) =>
        (await client.Containers.GetArchiveFromContainerAsync(container, new GetArchiveFromContainerParameters { Path = path }, statOnly: true)).Stat;

    public static async Task<(ContainerPathStatResponse Stat, Stream Tar)> GetAsync(this DockerClient client, string container, string path)
    {
        var got = await client.Containers.GetArchiveFromContainerAsync(container, new GetArchiveFromContainerParameters { Path = path }, statOnly: false);
        return (got.Stat, got.Stream);
    }

    public static Task PutAsync(this DockerClient client, string container, string path, Stream tar) =>
        client.Containers.ExtractArchiveToContainerAsync(container, new ContainerPathStatParameters { Path = path }, tar);
}
