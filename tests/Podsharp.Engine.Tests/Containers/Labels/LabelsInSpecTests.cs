using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Engine.Execs;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Labels;

public sealed class LabelsInSpecTests
{
    private static readonly Container Labelled = Samples.Container("c", Samples.Image("image")) with
    {
        ProcessLabel = "system_u:system_r:container_t:s0:c1,c2",
        MountLabel = "system_u:object_r:container_file_t:s0:c1,c2",
    };

    [Test]
    public void The_runtime_is_told_the_labels_of_the_process_and_of_its_mounts()
    {
        var spec = Build(Labelled, LabelledHost.New());

        Assert.That(spec.Process.SelinuxLabel, Is.EqualTo(Labelled.ProcessLabel));
        Assert.That(spec.Linux.MountLabel, Is.EqualTo(Labelled.MountLabel));
    }

    [Test]
    public void It_is_told_nothing_of_a_process_without_a_label()
    {
        var spec = Build(Labelled with { ProcessLabel = "" }, LabelledHost.New());

        Assert.That(spec.Process.SelinuxLabel, Is.Null);
        Assert.That(spec.Linux.MountLabel, Is.EqualTo(Labelled.MountLabel));
    }

    [Test]
    public void It_is_told_nothing_where_SELinux_was_turned_off_since()
    {
        var spec = Build(Labelled, new FakeHost());

        Assert.That((spec.Process.SelinuxLabel, spec.Linux.MountLabel), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void An_exec_session_has_the_containers_label()
    {
        var builder = new ExecProcessBuilder(new FakeRootedFiles(), LabelledHost.New(), new EngineOptions());

        var process = builder.Build(Labelled, new CreateExecRequest("c", ["sh"], [], "", "", false, false, false, true, true, null, default), default);

        Assert.That(process.SelinuxLabel, Is.EqualTo(Labelled.ProcessLabel));
    }

    private static RuntimeSpec Build(Container container, FakeHost host)
    {
        host.Facts = host.Facts with { Seccomp = false };
        return new RuntimeSpecBuilder(new SeccompProfiles(new EngineOptions()), host).Build(new LaunchContext
        {
            Container = container,
            Host = host.Facts,
            Options = new EngineOptions(),
            RootFs = "/root",
            User = new UserIdentity(0, 0, [], "/root"),
        });
    }
}
