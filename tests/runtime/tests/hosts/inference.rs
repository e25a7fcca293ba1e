//! A model in Wasmtime: the classifier of `mood/`, linked with what comes before and after the model, and OpenVINO.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use witc::config::{ComponentInput, Request};
use witc::source::Disk;
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::{deployed, run, same, wasmtime};

const MOOD: &str = "tests/runtime/mood/witc.toml";

/// A row for each of letters, capitals, exclamation marks and question marks: what it adds to `calm` and to `urgent`.
type Weights = [[f32; 2]; 4];

const WEIGHTS: Weights = [[0.25, 0.0], [0.0, 0.5], [0.0, 2.0], [1.0, 0.5]];

/// A model that takes a question for something urgent.
const IMPATIENT: Weights = [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 42.5]];

/// `scores = features * weights`, in the form of OpenVINO.
const MODEL: &str = r#"<?xml version="1.0"?>
<net name="mood" version="11">
  <layers>
    <layer id="0" name="features" type="Parameter" version="opset1">
      <data shape="1,4" element_type="f32"/>
      <output><port id="0" precision="FP32" names="features"><dim>1</dim><dim>4</dim></port></output>
    </layer>
    <layer id="1" name="weights" type="Const" version="opset1">
      <data element_type="f32" shape="4,2" offset="0" size="32"/>
      <output><port id="0" precision="FP32"><dim>4</dim><dim>2</dim></port></output>
    </layer>
    <layer id="2" name="product" type="MatMul" version="opset1">
      <data transpose_a="false" transpose_b="false"/>
      <input>
        <port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port>
        <port id="1" precision="FP32"><dim>4</dim><dim>2</dim></port>
      </input>
      <output><port id="2" precision="FP32" names="scores"><dim>1</dim><dim>2</dim></port></output>
    </layer>
    <layer id="3" name="scores" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>2</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
  </edges>
</net>
"#;

pub(super) fn answers(tools: &Tools) -> Result<(), Failed> {
    let (folder, path) = deployed(MOOD, "classifier")?;
    let model = model(folder.path(), &WEIGHTS)?;
    // What witc says that it needs there is what it is run with.
    let flags = flags_on_wasmtime(&path)?;
    same(&flags, &vec!["-S nn".to_owned()])?;
    for (message, expected) in [
        ("HELP!!!", "ok({name: \"urgent\", score: 8})\n"),
        ("can you help?", "ok({name: \"calm\", score: 3.5})\n"),
        ("", "ok({name: \"calm\", score: 0})\n"),
    ] {
        same(&run(&mut classify(tools, &path, Some(&model), message))?.as_str(), &expected)?;
    }
    Ok(())
}

pub(super) fn another_model_answers_otherwise(tools: &Tools) -> Result<(), Failed> {
    let (folder, path) = deployed(MOOD, "classifier")?;
    let model = model(folder.path(), &IMPATIENT)?;
    let printed = run(&mut classify(tools, &path, Some(&model), "can you help?"))?;
    same(&printed.as_str(), &"ok({name: \"urgent\", score: 42.5})\n")?;
    Ok(())
}

pub(super) fn tells_that_there_is_no_model(tools: &Tools) -> Result<(), Failed> {
    let (_folder, path) = deployed(MOOD, "classifier")?;
    let printed = run(&mut classify(tools, &path, None, "HELP!!!"))?;
    assert!(printed.starts_with("err("), "{printed}");
    Ok(())
}

/// A folder with a model, whose name is that of the model.
fn model(folder: &Path, weights: &Weights) -> Result<std::path::PathBuf, Failure> {
    let model = folder.join("mood");
    std::fs::create_dir(&model)?;
    std::fs::write(model.join("model.xml"), MODEL)?;
    let bytes: Vec<u8> = weights.as_flattened().iter().flat_map(|weight| weight.to_le_bytes()).collect();
    std::fs::write(model.join("model.bin"), bytes)?;
    Ok(model)
}

fn classify(tools: &Tools, artifact: &Path, model: Option<&Path>, message: &str) -> Command {
    let mut command = wasmtime::command();
    command.args(["run", "-S", "nn"]);
    if let Some(model) = model {
        command.arg("-S").arg(format!("nn-graph=openvino::{}", model.display()));
    }
    command.args(["--invoke", &format!("classify({message:?})")]).arg(artifact);
    command.env("OPENVINO_BUILD_DIR", tools.openvino()).env("LD_LIBRARY_PATH", tools.openvino());
    command
}

/// The flags that an artifact needs on `wasmtime-run`.
fn flags_on_wasmtime(artifact: &Path) -> Result<Vec<String>, Failure> {
    let request = Request {
        inputs: vec![ComponentInput::bare(artifact)],
        host: Some("wasmtime-run".to_owned()),
        ..Request::default()
    };
    let outcome = witc::pipeline::check(&request, &Disk);
    let Some(witc::report::Answer::Fits(fits)) = outcome.answer else { return Err("no answer".into()) };
    let [fit] = fits.as_slice() else { return Err("not one answer".into()) };
    if !fit.links() {
        return Err("witc says that it does not run there".into());
    }
    Ok(fit.flags())
}
