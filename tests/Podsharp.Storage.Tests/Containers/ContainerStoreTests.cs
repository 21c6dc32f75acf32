using Microsoft.Data.Sqlite;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Tests.Containers;

[Category("Root")]
public sealed class ContainerStoreTests : StoreFixture
{
    [Test]
    public async Task Finds_what_was_added_by_id_name_and_prefix()
    {
        var container = NewContainer("web");
        await Stores.Containers.AddAsync(container, CancellationToken.None);

        Assert.That(Stores.Containers.Find(container.Id), Is.EqualTo(container));
        Assert.That(Stores.Containers.FindByName("web"), Is.EqualTo(container));
        Assert.That(Stores.Containers.FindByPrefix(container.Id.Short), Is.EqualTo(new[] { container }));
        Assert.That(Stores.Containers.FindByName("WEB"), Is.Null);
    }

    [Test]
    public async Task Refuses_a_taken_name_and_names_its_holder()
    {
        var first = NewContainer("web");
        await Stores.Containers.AddAsync(first, CancellationToken.None);

        var error = await Assert.ThrowsAsync<EngineException>(async () => await Stores.Containers.AddAsync(NewContainer("web"), CancellationToken.None));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.Conflict));
        Assert.That(error.Message, Does.Contain(first.Id.ToString()));
    }

    [Test]
    public async Task Frees_the_name_of_a_removed_container()
    {
        var first = NewContainer("web");
        await Stores.Containers.AddAsync(first, CancellationToken.None);
        await Stores.Containers.RemoveAsync(first.Id, CancellationToken.None);
        await Stores.Containers.RemoveAsync(first.Id, CancellationToken.None);

        await Stores.Containers.AddAsync(NewContainer("web"), CancellationToken.None);

        Assert.That(Stores.Containers.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Keeps_the_labels_of_a_container_and_reads_records_that_have_none()
    {
        await Stores.Containers.AddAsync(NewContainer("new") with { ProcessLabel = "a:b:c:s0:c1,c2", MountLabel = "a:b:d:s0:c1,c2" }, CancellationToken.None);
        await Stores.Containers.AddAsync(NewContainer("older"), CancellationToken.None);
        await ReopenAsync(meanwhile: () => ForgetLabelsOf("older"));

        Assert.That(Stores.Containers.FindByName("new")!.ProcessLabel, Is.EqualTo("a:b:c:s0:c1,c2"));
        Assert.That(Stores.Containers.FindByName("new")!.MountLabel, Is.EqualTo("a:b:d:s0:c1,c2"));
        Assert.That(Stores.Containers.FindByName("older")!.ProcessLabel, Is.Empty);
        Assert.That(Stores.Containers.FindByName("older")!.MountLabel, Is.Empty);
    }

    [Test]
    public async Task Keeps_definition_and_running_state_when_the_service_starts_again()
    {
        var container = NewContainer("web", [Digest.FromHex(new string('b', 64))]);
        await Stores.Containers.AddAsync(container, CancellationToken.None);
        await Stores.Containers.SaveStateAsync(
            container.Id, new ContainerState { Phase = ContainerPhase.Running, Pid = 42, Generation = 3, CleanupOwed = true }, CancellationToken.None);

        await ReopenAsync();

        var found = Stores.Containers.FindByName("web")!;
        Assert.That(found.State.Pid, Is.EqualTo(42));
        Assert.That(found.State.Phase, Is.EqualTo(ContainerPhase.Running));
        Assert.That(found.State.CleanupOwed, Is.True);
        Assert.That(found.Layers, Is.EqualTo(container.Layers));
        Assert.That(found.Spec.Labels["a"], Is.EqualTo("b"));
    }

    [Test]
    public async Task Takes_what_ran_for_killed_when_the_machine_was_restarted()
    {
        var container = NewContainer("web");
        await Stores.Containers.AddAsync(container, CancellationToken.None);
        await Stores.Containers.SaveStateAsync(
            container.Id,
            new ContainerState { Phase = ContainerPhase.Running, Pid = 42, Generation = 3, NetworkNamespace = "/x", CleanupOwed = true },
            CancellationToken.None);

        await ReopenAsync("22222222-2222-2222-2222-222222222222");

        var state = Stores.Containers.Find(container.Id)!.State;
        Assert.That(state.Phase, Is.EqualTo(ContainerPhase.Exited));
        Assert.That(state.ExitCode, Is.EqualTo(255));
        Assert.That(state.Error, Is.EqualTo("machine restarted"));
        Assert.That(state.Pid, Is.Zero);
        Assert.That(state.NetworkNamespace, Is.Empty);
        Assert.That(state.CleanupOwed, Is.True, "so that its restart policy is asked");
        Assert.That(state.Generation, Is.EqualTo(3));
    }

    [Test]
    public async Task Remembers_the_last_exit_after_a_restart_of_the_machine()
    {
        var container = NewContainer("web");
        await Stores.Containers.AddAsync(container, CancellationToken.None);
        await Stores.Containers.SaveStateAsync(container.Id, new ContainerState { Phase = ContainerPhase.Exited, ExitCode = 7 }, CancellationToken.None);

        await ReopenAsync("22222222-2222-2222-2222-222222222222");

        Assert.That(Stores.Containers.Find(container.Id)!.State.ExitCode, Is.EqualTo(7));
        Assert.That(Stores.Containers.Find(container.Id)!.State.Error, Is.Empty);
    }

    [Test]
    public async Task Renames_without_touching_the_state()
    {
        var container = NewContainer("old");
        await Stores.Containers.AddAsync(container, CancellationToken.None);
        await Stores.Containers.SaveStateAsync(container.Id, new ContainerState { Phase = ContainerPhase.Running, Pid = 9 }, CancellationToken.None);

        await Stores.Containers.ReplaceAsync(container with { Name = "new" }, CancellationToken.None);

        Assert.That(Stores.Containers.FindByName("old"), Is.Null);
        Assert.That(Stores.Containers.FindByName("new")!.State.Pid, Is.EqualTo(9));
        await ReopenAsync();
        Assert.That(Stores.Containers.FindByName("new")!.State.Pid, Is.EqualTo(9));
    }

    [Test]
    public async Task Adds_many_at_once_and_loses_none()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Stores.Containers.AddAsync(NewContainer($"c{i}"), CancellationToken.None).AsTask()));

        await ReopenAsync();

        Assert.That(Stores.Containers.All, Has.Count.EqualTo(100));
    }

    private void ForgetLabelsOf(string name)
    {
        using var connection = new SqliteConnection($"Data Source={Paths.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE container SET definition = CAST(json_remove(CAST(definition AS TEXT), '$.ProcessLabel', '$.MountLabel') AS BLOB) WHERE name = $1";
        command.Parameters.AddWithValue("$1", name);
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1));
    }
}
