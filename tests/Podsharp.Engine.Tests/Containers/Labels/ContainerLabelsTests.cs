using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Labels;

public sealed class ContainerLabelsTests
{
    private readonly FakeHost _host = LabelledHost.New();
    private readonly FakeContainerStore _containers = new();

    [Test]
    public void A_container_has_a_pair_of_categories_for_itself_and_its_files()
    {
        using var choice = Choose(new ContainerSpec());

        Assert.That(choice.Process, Does.Match("^system_u:system_r:container_t:s0:c[0-9]+,c[0-9]+$"));
        Assert.That(choice.Mount, Is.EqualTo(choice.Process.Replace("system_r:container_t", "object_r:container_file_t", StringComparison.Ordinal)));
    }

    [Test]
    public void Without_SELinux_and_where_the_configuration_does_not_want_it_there_are_none()
    {
        Assert.That(Choose(new ContainerSpec(), new EngineOptions { Labels = false }).Process, Is.Empty);
        _host.Facts = _host.Facts with { SeLinux = false, Labels = null };

        using var choice = Choose(Asking("type:spc_t"));
        Assert.That((choice.Process, choice.Mount), Is.EqualTo(("", "")));
    }

    private static readonly ContainerSpec[] Open =
    [
        Asking("disable"),
        new() { Security = new SecuritySpec { Privileged = true } },
        new() { PidMode = new NamespaceMode(NamespaceKind.Host) },
        new() { IpcMode = new NamespaceMode(NamespaceKind.Host) },
    ];

    [TestCaseSource(nameof(Open))]
    public void One_that_is_not_kept_apart_runs_without_a_label_on_files_of_its_kind(ContainerSpec spec)
    {
        using var choice = Choose(spec);

        Assert.That((choice.Process, choice.Mount), Is.EqualTo(("", "system_u:object_r:container_file_t:s0:c1022,c1023")));
    }

    [TestCaseSource(nameof(Open))]
    public void One_that_is_not_kept_apart_says_so_once(ContainerSpec spec) =>
        Assert.That(ContainerLabels.Stated(spec).Security.Options, Is.EqualTo(new[] { "label=disable" }));

    [Test]
    public void One_that_is_kept_apart_says_nothing_of_its_own()
    {
        Assert.That(ContainerLabels.Stated(new ContainerSpec()).Security.Options, Is.Empty);
        Assert.That(
            ContainerLabels.Stated(Asking("level:s0:c5,c6") with { IpcMode = new NamespaceMode(NamespaceKind.Host) }).Security.Options,
            Is.EqualTo(new[] { "label=level:s0:c5,c6" }));
    }

    [Test]
    public void What_is_asked_for_wins_over_privilege()
    {
        using var choice = Choose(Asking("level:s0:c5,c6") with { PidMode = new NamespaceMode(NamespaceKind.Host) });

        Assert.That((choice.Process, choice.Mount), Is.EqualTo(("system_u:system_r:container_t:s0:c5,c6", "system_u:object_r:container_file_t:s0:c5,c6")));
    }

    [Test]
    public void Who_joins_the_processes_or_the_memory_of_a_container_has_its_label()
    {
        var other = Put("other", "s0:c1,c2");

        foreach (var spec in new ContainerSpec[] { new() { PidMode = Of(other) }, new() { IpcMode = Of(other) }, new() { PidMode = Of(other), IpcMode = Of(other) } })
        {
            using var choice = Choose(spec);
            Assert.That((choice.Process, choice.Mount), Is.EqualTo((other.ProcessLabel, other.MountLabel)));
        }
    }

    [Test]
    public void Containers_with_different_labels_cannot_both_be_joined() =>
        Assert.That(
            () => Choose(new ContainerSpec { PidMode = Of(Put("a", "s0:c1,c2")), IpcMode = Of(Put("b", "s0:c3,c4")) }),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("--ipc and --pid containers SELinux labels aren't the same"));

    [TestCase("type:no_such_t", "system_u:system_r:no_such_t:s0")]
    [TestCase("filetype:no_such_t", "system_u:object_r:no_such_t:s0")]
    public void A_label_that_the_policy_does_not_have_is_refused_by_name(string option, string label)
    {
        _host.UnknownTypes.Add("no_such_t");

        Assert.That(() => Choose(Asking(option)), Throws.TypeOf<EngineException>().With.Message.EndWith("does not allow the label " + label));
    }

    [Test]
    public void A_policy_without_levels_has_no_categories()
    {
        var labels = _host.Facts.Labels!;
        _host.Facts = _host.Facts with { Labels = new LabelDefaults(labels.Process with { Level = "" }, labels.File with { Level = "" }) };

        using var choice = Choose(new ContainerSpec());
        Assert.That(choice.Process, Is.EqualTo("system_u:system_r:container_t"));
    }

    [Test]
    public void A_label_is_refused_at_creation_where_it_is_none_or_the_policy_has_none_for_containers()
    {
        Assert.That(() => ContainerSpecCheck.Run(Asking("tpye:spc_t"), _host, new EngineOptions()), Throws.TypeOf<EngineException>().With.Message.StartWith("bad label option"));
        Assert.DoesNotThrow(() => ContainerSpecCheck.Run(Asking("type:spc_t"), _host, new EngineOptions()));

        _host.Facts = _host.Facts with { Labels = null };
        Assert.That(
            () => ContainerSpecCheck.Run(Asking("type:spc_t"), _host, new EngineOptions()),
            Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotSupported));
        Assert.DoesNotThrow(() => ContainerSpecCheck.Run(Asking("disable"), _host, new EngineOptions()));

        _host.Facts = _host.Facts with { SeLinux = false };
        Assert.DoesNotThrow(() => ContainerSpecCheck.Run(Asking("anything"), _host, new EngineOptions()));
    }

    private ContainerLabels.Choice Choose(ContainerSpec spec, EngineOptions? options = null) =>
        new ContainerLabels(_containers, _host, options ?? new EngineOptions()).Choose(spec);

    private Container Put(string name, string level) => _containers.Put(Samples.Container(name, Samples.Image("image")) with
    {
        ProcessLabel = "system_u:system_r:container_t:" + level,
        MountLabel = "system_u:object_r:container_file_t:" + level,
    });

    private static NamespaceMode Of(Container container) => new(NamespaceKind.Container, container.Id.ToString());

    private static ContainerSpec Asking(string label) => new() { Security = new SecuritySpec { Options = ["label=" + label] } };
}
