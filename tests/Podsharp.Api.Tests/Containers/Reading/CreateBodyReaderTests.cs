using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class CreateBodyReaderTests
{
    [TestCase("""{"Foo":1}""", "unknown field Foo:")]
    [TestCase("""{"HostConfig":{"KernelMemory":5}}""", "unknown field HostConfig.KernelMemory:")]
    [TestCase("""{"HostConfig":{"Mounts":[{"Type":"bind","ClusterOptions":{"a":1}}]}}""", "unknown field HostConfig.Mounts.ClusterOptions:")]
    [TestCase("""{"NetworkingConfig":{"EndpointsConfig":{"n":{"IPAMConfig":{"IPv7":"x"}}}}}""", "unknown field NetworkingConfig.EndpointsConfig.n.IPAMConfig.IPv7:")]
    public void Refuses_what_it_does_not_know_by_name(string body, string opening)
    {
        var refusal = CreateBodies.Refusal(body);

        Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(refusal.Message, Does.StartWith(opening));
    }

    [Test]
    public void Takes_the_platform_that_dockerode_says_in_the_query_too()
    {
        const string body = """{"Image":"x","name":"n","platform":"linux/amd64"}""";

        Assert.That(CreateBodies.Read(body, "name=n&platform=linux%2Famd64", ApiVersion.DockerMaximum).Spec.ImageName, Is.EqualTo("x"));
        Assert.That(CreateBodies.Refusal(body).Message, Does.StartWith("unknown field platform:"));
    }

    [Test]
    public void Takes_the_credentials_that_docker_java_keeps_beside_a_container() => Assert.That(
        CreateBodies.Spec("""{"Image":"x","name":null,"platform":null,"authConfig":{"username":"u","serveraddress":"https://index.docker.io/v1/"}}""").ImageName, Is.EqualTo("x"));

    [TestCase("0")]
    [TestCase("null")]
    [TestCase("false")]
    [TestCase("\"\"")]
    [TestCase("[]")]
    [TestCase("{}")]
    public void Takes_unknown_fields_that_ask_for_nothing(string zero)
    {
        var spec = CreateBodies.Spec($$"""{"Image":"x","Foo":{{zero}},"HostConfig":{"DiskQuota":{{zero}} } }""");

        Assert.That(spec.ImageName, Is.EqualTo("x"));
    }

    [TestCase("\"CpuCount\":1", ErrorKind.InvalidInput, "CpuCount")]
    [TestCase("\"CpuPercent\":1", ErrorKind.InvalidInput, "CpuPercent")]
    [TestCase("\"IOMaximumIOps\":1", ErrorKind.InvalidInput, "IOMaximumIOps")]
    [TestCase("\"IOMaximumBandwidth\":1", ErrorKind.InvalidInput, "IOMaximumBandwidth")]
    [TestCase("\"Isolation\":\"hyperv\"", ErrorKind.InvalidInput, "hyperv")]
    [TestCase("\"Runtime\":\"foo\"", ErrorKind.InvalidInput, "unknown or invalid runtime name: foo")]
    [TestCase("\"StorageOpt\":{\"size\":\"1g\"}", ErrorKind.NotSupported, "StorageOpt")]
    [TestCase("\"VolumeDriver\":\"foo\"", ErrorKind.NotSupported, "VolumeDriver")]
    [TestCase("\"UsernsMode\":\"auto\"", ErrorKind.NotSupported, "UsernsMode")]
    [TestCase("\"Cgroup\":\"x\"", ErrorKind.NotSupported, "Cgroup")]
    [TestCase("\"DeviceRequests\":[{\"Cout\":-1}]", ErrorKind.InvalidInput, "HostConfig.DeviceRequests.Cout")]
    [TestCase("\"PidMode\":\"foo\"", ErrorKind.InvalidInput, "invalid PID mode")]
    [TestCase("\"PidMode\":\"shareable\"", ErrorKind.InvalidInput, "invalid PID mode")]
    [TestCase("\"IpcMode\":\"foo\"", ErrorKind.InvalidInput, "invalid IPC mode")]
    [TestCase("\"UTSMode\":\"none\"", ErrorKind.InvalidInput, "invalid UTS mode")]
    [TestCase("\"ShmSize\":-1", ErrorKind.InvalidInput, "SHM size can not be less than 0")]
    [TestCase("\"OomScoreAdj\":2000", ErrorKind.InvalidInput, "Invalid value 2000, range for oom score adj is [-1000, 1000]")]
    [TestCase("\"Annotations\":{\"\":\"x\"}", ErrorKind.InvalidInput, "the empty string is not permitted as an annotation key")]
    [TestCase("\"Annotations\":{\"run.oci.seccomp_bpf_data\":\"x\"}", ErrorKind.InvalidInput, "run.oci.seccomp_bpf_data")]
    [TestCase("\"LogConfig\":{\"Type\":\"foo\"}", ErrorKind.InvalidInput, "error looking up logging plugin foo")]
    [TestCase("\"MaskedPaths\":[\"rel\"]", ErrorKind.InvalidInput, "invalid MaskedPaths")]
    public void Refuses_what_cannot_be_done_by_name(string members, ErrorKind kind, string text)
    {
        var refusal = CreateBodies.HostRefusal(members);

        Assert.That(refusal.Kind, Is.EqualTo(kind));
        Assert.That(refusal.Message, Does.Contain(text));
    }

    [TestCase("""{"WorkingDir":"rel"}""", "the working directory 'rel' is invalid, it needs to be an absolute path")]
    [TestCase("""{"Env":["=x"]}""", "invalid environment variable: =x")]
    [TestCase("""{"Env":[""]}""", "invalid environment variable: ")]
    [TestCase("""{"Healthcheck":{"Test":["CMD","x"],"Interval":5}}""", "Interval in Healthcheck cannot be less than 1ms")]
    [TestCase("""{"Healthcheck":{"Retries":-1}}""", "Retries in Healthcheck cannot be negative")]
    [TestCase("""{"HostConfig":{"AutoRemove":true,"RestartPolicy":{"Name":"always"}}}""", "can't create 'AutoRemove' container with restart policy")]
    [TestCase("""{"HostConfig":{"RestartPolicy":{"Name":"foo"}}}""", "invalid restart policy: unknown policy 'foo'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'")]
    [TestCase("""{"HostConfig":{"RestartPolicy":{"Name":"always","MaximumRetryCount":2}}}""", "invalid restart policy: maximum retry count can only be used with 'on-failure'")]
    [TestCase("""{"HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":-2}}}""", "invalid restart policy: maximum retry count cannot be negative")]
    [TestCase("""{"Hostname":"h","HostConfig":{"UTSMode":"host"}}""", "conflicting options: hostname and the UTS mode")]
    [TestCase("""{"Hostname":"h","HostConfig":{"NetworkMode":"container:c"}}""", "conflicting options: hostname and the network mode")]
    [TestCase("""{"HostConfig":{"NetworkMode":"container:c","PublishAllPorts":true}}""", "conflicting options: port publishing and the container type network mode")]
    [TestCase("""{"ExposedPorts":{"80":{}},"HostConfig":{"NetworkMode":"container:c"}}""", "conflicting options: port exposing and the container type network mode")]
    [TestCase("""{"HostConfig":{"NetworkMode":"container:c","Links":["a:b"]}}""", "conflicting options: container type network can't be used with links. This would result in undefined behavior")]
    [TestCase("""{"HostConfig":{"NetworkMode":"host","Links":["a:b"]}}""", "conflicting options: host type networking can't be used with links. This would result in undefined behavior")]
    [TestCase("""{"HostConfig":{"NetworkMode":"container:c","Dns":["1.1.1.1"]}}""", "conflicting options: dns and the network mode")]
    [TestCase("""{"HostConfig":{"NetworkMode":"container:c","ExtraHosts":["a:1.1.1.1"]}}""", "conflicting options: custom host-to-IP mapping and the network mode")]
    public void Says_what_docker_says(string body, string message) =>
        Assert.That(CreateBodies.Refusal(body).Message, Is.EqualTo(message));

    [TestCase("json-file")]
    [TestCase("local")]
    [TestCase("k8s-file")]
    public void The_log_driver_keeps_the_name_it_was_asked_for_by(string driver) =>
        Assert.That(CreateBodies.Host("\"LogConfig\":{\"Type\":\"" + driver + "\"}").Log.Driver, Is.EqualTo(driver));

    [Test]
    public void A_command_may_be_one_string()
    {
        var process = CreateBodies.Spec("""{"Cmd":"echo x","Entrypoint":"sh"}""").Process;

        Assert.That(process.Command, Is.EqualTo(new[] { "echo x" }));
        Assert.That(process.Entrypoint, Is.EqualTo(new[] { "sh" }));
    }

    // The engine takes it for "no entrypoint, and not the image's command either".
    [Test]
    public void An_entrypoint_of_one_empty_string_is_passed_on_as_it_is() =>
        Assert.That(CreateBodies.Spec("""{"Entrypoint":[""],"Cmd":null}""").Process.Entrypoint, Is.EqualTo(new[] { "" }));

    [Test]
    public void No_words_differ_from_nothing_said()
    {
        var process = CreateBodies.Spec("""{"Cmd":[],"Entrypoint":[]}""").Process;

        Assert.That(process.Command, Is.Empty);
        Assert.That(process.Entrypoint, Is.Empty);
    }

    [Test]
    public void Names_are_read_in_any_case_and_null_is_nothing()
    {
        var spec = CreateBodies.Spec("""{"TTY":true,"user":null,"hostconfig":{"Privileged":null,"memory":null,"Init":null,"PidsLimit":null,"OomScoreAdj":null}}""");

        Assert.That(spec.Process.Terminal, Is.True);
        Assert.That(spec.Process.User, Is.Empty);
        Assert.That(spec.Security.Privileged, Is.False);
        Assert.That(spec.Init, Is.Null);
    }

    [Test]
    public void Negative_pids_limit_is_unlimited_and_zero_the_engines_own()
    {
        Assert.That(CreateBodies.Host("\"PidsLimit\":-5").Resources.PidsLimit, Is.EqualTo(-1));
        Assert.That(CreateBodies.Host("\"PidsLimit\":0").Resources.PidsLimit, Is.Null);
    }

    [Test]
    public void Masked_paths_tell_none_from_the_default()
    {
        Assert.That(CreateBodies.Host("\"MaskedPaths\":null").Security.MaskedPaths, Is.Null);
        Assert.That(CreateBodies.Host("\"MaskedPaths\":[]").Security.MaskedPaths, Is.Empty);
    }

    [TestCase("\"NetworkMode\":\"container:abc\"", NamespaceKind.Container, "abc")]
    [TestCase("\"NetworkMode\":\"host\"", NamespaceKind.Host, "")]
    [TestCase("\"NetworkMode\":\"none\"", NamespaceKind.None, "")]
    [TestCase("\"NetworkMode\":\"\"", NamespaceKind.Default, "")]
    [TestCase("\"NetworkMode\":\"bridge\"", NamespaceKind.Bridge, "")]
    [TestCase("\"NetworkMode\":\"mine\"", NamespaceKind.Bridge, "")]
    public void Reads_the_network_mode(string members, NamespaceKind kind, string value) =>
        Assert.That(CreateBodies.Host(members).Network.Mode, Is.EqualTo(new NamespaceMode(kind, value)));
}
