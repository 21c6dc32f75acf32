namespace Podsharp.System.Tests.Compose;

/// <summary>Tests that only look at one stack, which is up for all of them.</summary>
public abstract class StackTest(ComposeGeneration generation, string role) : ComposeTest(generation)
{
    private ComposeProject? _stack;

    protected ComposeProject Stack => _stack ?? throw new InvalidOperationException("the stack isn't up");

    protected abstract string File { get; }

    [OneTimeSetUp]
    public async Task UpAsync()
    {
        _stack = await ComposeProject.CreateAsync(Engine, Generation, role, File);
        await PrepareAsync(_stack);
        await _stack.OutputAsync("up", "-d");
    }

    [OneTimeTearDown]
    public async Task DownAsync()
    {
        if (_stack is not null) await _stack.DisposeAsync();
    }

    protected virtual Task PrepareAsync(ComposeProject stack) => Task.CompletedTask;
}
