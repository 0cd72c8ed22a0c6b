namespace RadTex.Tests.Cli;

/// <summary>
/// Command lines that a person may well type and that cannot work, each with a word its message must hold. Words in braces are the fixture's
/// good files (<see cref="TinyInputs"/>): what is wrong is in the line itself.
/// </summary>
internal static class BadCommandLines
{
    internal static readonly (string Line, string Told)[] All =
    [
        // The command itself
        ("prepar", "prepar"), ("--wat", "--wat"), ("help nosuch", "nosuch"), ("completion tcsh", "tcsh"), ("prepare", "command"), ("prepare nowhere", "nowhere"), ("phantoms --cuont 3", "--cuont"),
        ("verify", "DATASET"), ("verify {dataset} {dataset}", "dataset"), ("transfer {encoder}", "DATASET"), ("@nofile", "nofile"), ("pretrain --out", "pretrain"), ("embed --out {new}", "ENCODER"),

        // phantoms
        ("phantoms", "--out"), ("phantoms --out {new} --count 0", "count"), ("phantoms --out {new} --count -5", "count"), ("phantoms --out {new} --count 1e3", "--count '1e3'"),
        ("phantoms --out {new} --count 2000000", "count"), ("phantoms --out {new} --count 99999999999", "--count"), ("phantoms --out {new} --seed -1", "--seed '-1'"),
        ("phantoms --out {new} --seed 0x10", "--seed '0x10'"), ("phantoms --out {new} --size 10", "size"), ("phantoms --out {new} --size 5000", "size"), ("phantoms --out {new} --difficulty 0,3", "--difficulty '0,3'"),
        ("phantoms --out {new} --difficulty NaN", "--difficulty 'NaN'"), ("phantoms --out {new} --difficulty 1e300", "--difficulty '1e300'"), ("phantoms --out {new} --difficulty 9", "difficulty"),
        ("phantoms --out {new} --difficulty -1", "difficulty"), ("phantoms --out {new} --report-style loud", "--report-style 'loud'"), ("phantoms --out {new} --report-style 1", "--report-style '1'"),
        ("phantoms --out {new} --threads -1", "threads"), ("phantoms --out {new} --threads 100000", "threads"), ("phantoms --out {notes}", "notes.txt"), ("phantoms --out {dataset}", "dataset"),
        ("phantoms --out {foreign}", "foreign"), ("phantoms --out {foreign} --force", "foreign"), ("phantoms --out {dataset}/inside --count 2", "a prepared dataset"), ("phantoms --out {empty}", "output"),
        ("phantoms --contact-sheet {notes} --count 2", "notes.txt"), ("phantoms --contact-sheet {dataset}/manifest.json --force --count 2", "a prepared dataset"), ("phantoms --contact-sheet {foreign} --count 2", "foreign"),
        ("phantoms --out {phantoms} --count 5", "phantoms"), ("phantoms --out {link} --count 2", "symbolic link"),

        // prepare
        ("prepare folder {pictures}", "--out"), ("prepare folder {nowhere} --out {new}", "nowhere"), ("prepare folder {notes} --out {new}", "notes.txt"), ("prepare folder {pictures} --out {notes}", "notes.txt"),
        ("prepare folder {pictures} --out {foreign}", "foreign"), ("prepare folder {pictures} --out {foreign} --force", "foreign"), ("prepare folder {pictures} --out {empty}", "output"),
        ("prepare folder {pictures} --out {dataset}/inside", "a prepared dataset"), ("prepare folder {pictures} --out {link}", "symbolic link"), ("prepare folder {pictures} --out {new} --short-side 3", "--short-side"),
        ("prepare folder {pictures} --out {new} --short-side 99999", "--short-side"), ("prepare folder {pictures} --out {new} --short-side big", "--short-side 'big'"), ("prepare folder {pictures} --out {new} --limit 0", "--limit"),
        ("prepare folder {pictures} --out {new} --workers 1000", "--workers"), ("prepare folder {pictures} --out {new} --workers -1", "--workers"), ("prepare folder {pictures} --out {new} --most-faults 0,1", "--most-faults '0,1'"),
        ("prepare folder {pictures} --out {new} --most-faults 2", "--most-faults"), ("prepare folder {pictures} --out {new} --most-faults -1", "--most-faults"), ("prepare folder {pictures} --out {new} --fractions 0.5,0.5", "fractions"),
        ("prepare folder {pictures} --out {new} --fractions a,b,c", "--fractions 'a'"), ("prepare folder {pictures} --out {new} --fractions 0,0,0", "fractions"), ("prepare folder {pictures} --out {new} --fractions -1,1,1", "fractions"),
        ("prepare folder {pictures} --out {new} --fractions NaN,1,1", "--fractions 'NaN'"), ("prepare folder {pictures} --out {new} --fractions 0,8,0,1,0,1", "fractions"), ("prepare folder {pictures} --out {new} --views side", "side"),
        ("prepare folder {pictures} --out {new} --split thirds", "thirds"), ("prepare folder {pictures} --out {new} --text nosuch", "nosuch"), ("prepare folder {pictures} --out {new} --clean everything", "everything"),
        ("prepare folder {pictures} --out {new} --intensity bright", "bright"), ("prepare folder {pictures} --out {new} --seed 1.5", "--seed '1.5'"), ("prepare folder {pictures} --out {new} --exclude {nowhere}", "nowhere"),
        ("prepare folder {pictures} --out {new} --test-patients {nowhere}", "nowhere"), ("prepare folder {pictures} --out {new} --extra-labels {nowhere}", "nowhere"), ("prepare folder {pictures} --out {new} --patient-pattern ((", "(("),
        ("prepare mimic-cxr-jpg {phantoms} --out {new} --section-overrides {nowhere}", "nowhere"), ("prepare table {nowhere} --out {new}", "nowhere"), ("prepare table {notes} --out {new}", "notes.txt"),
        ("prepare table {table} --out {new} --image-column nosuch", "nosuch"), ("prepare table {table} --out {new} --label-columns nosuch", "nosuch"), ("prepare table {table} --out {new} --images {nowhere}", "nowhere"),
        ("prepare nih-cxr14 {pictures} --out {new}", "pictures"), ("prepare chexpert {nowhere} --out {new}", "nowhere"), ("prepare mimic-cxr-jpg {pictures} --out {new}", "pictures"), ("prepare open-i {pictures} --out {new}", "pictures"),
        ("prepare mimic-cxr-jpg {phantoms} --labels none2 --out {new}", "none2"), ("prepare mimic-cxr-jpg {phantoms} --reports {nowhere} --out {new}", "nowhere"), ("prepare padchest {pictures} --out {new}", "pictures"),

        // verify, inspect
        ("verify {nowhere}", "nowhere"), ("verify {notes}", "notes.txt"), ("verify {dataset} --against {nowhere}", "nowhere"), ("verify {dataset} --list {dataset}/manifest.json", "a prepared dataset"),
        ("verify {dataset} --list {dataset}/manifest.json --force", "a prepared dataset"), ("verify {dataset} --list {notes}", "notes.txt"), ("verify {dataset} --list {foreign}", "foreign"), ("verify {dataset} --list {empty}", "output"),
        ("inspect {dataset}", "--out"), ("inspect {nowhere} --out {new}", "nowhere"), ("inspect {dataset} --out {foreign}", "foreign"), ("inspect {dataset} --out {notes}", "notes.txt"), ("inspect {dataset} --out {dataset}", "dataset"),
        ("inspect {dataset} --out {empty}", "output"), ("inspect {dataset} --out {new} --vocabulary {nowhere}", "nowhere"), ("inspect {dataset} --out {new} --vocabulary {notes}", "notes.txt"), ("inspect {dataset} --out {link}", "symbolic link"),

        // embed
        ("embed {encoder} {nowhere} --out {new}", "nowhere"), ("embed {nowhere} {dataset} --out {new}", "nowhere"), ("embed {notes} {dataset} --out {new}", "notes.txt"), ("embed random:resnet9 {dataset} --out {new}", "resnet9"),
        ("embed random:resnet18:0 {dataset} --out {new}", "resnet18:0"), ("embed random:resnet18:1e1 {dataset} --out {new}", "1e1"), ("embed {encoder} {dataset} --out {foreign}", "foreign"), ("embed {encoder} {dataset} --out {foreign} --force", "foreign"),
        ("embed {encoder} {dataset} --out {notes}", "notes.txt"), ("embed {encoder} {dataset} --out {dataset}", "dataset"), ("embed {encoder} {dataset} --out {dataset}/features", "a prepared dataset"), ("embed {encoder} {dataset} --out {empty}", "output"),
        ("embed random:resnet18:4 {dataset} --out {new} --image-size -3", "--image-size"), ("embed random:resnet18:4 {dataset} --out {new} --image-size 1,000", "--image-size '1,000'"), ("embed {encoder} {dataset} --out {new} --batch-size 0", "--batch-size"),
        ("embed {encoder} {dataset} --out {new} --precision fp8", "fp8"), ("embed {encoder} {dataset} --out {new} --device gpu", "--device"), ("embed {encoder} {dataset} --out {new} --device cuda:-1", "--device"),

        // transfer, sweep
        ("transfer {encoder} {dataset} --out {new}", "--labels"), ("transfer {encoder} {dataset} --labels Nosuch --out {new}", "Nosuch"), ("transfer {encoder} {dataset} --labels , --out {new}", "label"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --learning-rate NaN", "--learning-rate 'NaN'"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --learning-rate 0,02", "such as 0.02"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --learning-rate 1e300", "--learning-rate '1e300'"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --learning-rate -1", "rate"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --learning-rate 1e30", "rate"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --epochs 0", "epochs"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --epochs 2000000000", "epochs"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --train-batch 0", "Batches of 0"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --examples 1", "--examples '1'"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --examples 10,,30", "--examples"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --examples 6,6", "examples"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --examples 1e2", "--examples '1e2'"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --trials 0", "trials"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --trials 9999", "trials"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --head svm", "svm"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --views -1", "views"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --workers 5000", "--workers"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --choose sgd:0.1", "--choose"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --mode fine-tune --choose sgd:0,1", "--choose"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --mode fine-tune --choose adam:1", "--choose 'adam:1'"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --optimizer adamw", "--learning-rate"), ("transfer {encoder} {dataset} --labels Stripes --out {new} --mode fine-tune --checkpoint-every 0", "checkpoint"),
        ("transfer {encoder} {dataset} --labels Stripes --out {foreign}", "foreign"), ("transfer {encoder} {dataset} --labels Stripes --out {dataset}/t", "a prepared dataset"), ("transfer {encoder} {dataset} --labels Stripes --out {empty}", "output"),
        ("transfer {encoder} {dataset} --labels Stripes --out {new} --test-dataset {nowhere}", "nowhere"), ("transfer {encoder} {dataset} --labels Stripes,Grade --test-label X --out {new}", "--test-label"),
        ("sweep {dataset} --out {new}", "--labels"), ("sweep {dataset} --labels Stripes --out {new}", "--init"), ("sweep {dataset} --labels Stripes --init noequals --out {new}", "noequals"), ("sweep {dataset} --labels Stripes --init a={nowhere} --out {new}", "nowhere"),
        ("sweep {dataset} --protocol nosuch --init a=random:resnet18:16 --out {new}", "nosuch"), ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {new} --trials 0", "trials"),
        ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {new} --workers -2", "workers"), ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {new} --batches 1,x", "--batches"),
        ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {new} --image-size 5", "image"), ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {foreign}", "foreign"),
        ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out {notes}", "notes.txt"), ("sweep {dataset} --labels Nosuch --init a=random:resnet18:16 --out {new}", "Nosuch"),
        ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --init a=random:resnet18:16 --out {new}", "'a'"),

        // vocabulary, pretrain
        ("vocabulary {dataset}", "--out"), ("vocabulary {nowhere} --out {new}", "nowhere"), ("vocabulary {text} --out {notes}", "notes.txt"), ("vocabulary {text} --out {dataset}/vocab.txt", "a prepared dataset"), ("vocabulary {text} --out {new} --size 2", "pieces"),
        ("vocabulary {text} --out {new} --size 1e4", "--size '1e4'"), ("vocabulary {text} --out {new} --min-frequency -2", "frequency"), ("vocabulary {text} --measure {nowhere}", "nowhere"), ("vocabulary {text} --measure {notes}", "notes.txt"), ("vocabulary {text} --measure {run}/model/vocab.txt --max-tokens 0", "token"),
        ("vocabulary {table} --out {new} --column nosuch", "nosuch"), ("vocabulary {text} --out {foreign}", "foreign"), ("vocabulary {text} --out {empty}", "output"),
        ("pretrain {nowhere} --out {new}", "nowhere"), ("pretrain {reports} --preset phantom --out {foreign}", "foreign"), ("pretrain {reports} --preset phantom --out {notes}", "notes.txt"), ("pretrain {reports} --preset phantom --out {reports}/run", "a prepared dataset"),
        ("pretrain {reports} --preset phantom --out {empty}", "output"), ("pretrain {reports} --preset nosuch --out {new}", "nosuch"), ("pretrain {reports} --preset phantom --out {new} --threads 100000", "threads"),
        ("pretrain {reports} --preset phantom --out {new} --threads -1", "threads"), ("pretrain {reports} --preset phantom --out {new} --set training.epochs=0", "training.epochs"), ("pretrain {reports} --preset phantom --out {new} --set optimizer.visual_rate=0,1", "optimizer.visual_rate"),
        ("pretrain {reports} --preset phantom --out {new} --set optimizer.clip_norm=1e300", "optimizer.clip_norm"), ("pretrain {reports} --preset phantom --out {new} --set optimizer.visual_rate=NaN", "optimizer.visual_rate"),
        ("pretrain {reports} --preset phantom --out {new} --set nosuch.key=1", "nosuch"), ("pretrain {reports} --preset phantom --out {new} --set novalue", "novalue"), ("pretrain {reports} --preset phantom --out {new} --repeats 0", "repeats"),
        ("pretrain {reports} --preset phantom --out {new} --repeats 100000000", "repeats"), ("pretrain {reports} --preset phantom --out {new} --seed 1,5", "--seed '1,5'"), ("pretrain {reports} --preset phantom --out {new} --max-steps -1", "max_steps"),
        ("pretrain {reports} --preset phantom --out {new} --config {nowhere}", "nowhere"), ("pretrain {reports} --preset phantom --out {new} --vocabulary {nowhere}", "nowhere"), ("pretrain {reports} --preset phantom --out {new} --labels Nosuch", "Nosuch"),
        ("pretrain {reports} --preset paper --out {new}", "SciBERT"), ("pretrain {reports} --preset phantom --out {new} --device tpu", "--device"),

        // import, export, predict
        ("import torchvision {nowhere} --out {new}", "nowhere"), ("import nosuch {weights} --out {new}", "nosuch"), ("import state-dict {weights} --out {new}", "--scaling"), ("import state-dict {weights} --out {new} --scaling max --image-size -3", "-3"),
        ("import state-dict {weights} --out {new} --scaling max --image-size 9999999", "9999999"), ("import state-dict {weights} --out {new} --scaling loud --image-size 32", "loud"), ("import state-dict {weights} --out {new} --scaling max --image-size 32 --channels 2", "channels"),
        ("import state-dict {weights} --out {new} --scaling max --image-size 32 --key-map {nowhere}", "nowhere"), ("import state-dict {weights} --out {dataset}/e --scaling max --image-size 32", "a prepared dataset"),
        ("import state-dict {weights} --out {foreign} --scaling max --image-size 32", "foreign"), ("import state-dict {weights} --out {empty} --scaling max --image-size 32", "output"), ("import state-dict {weights} --heads 2 --out {new}", "--heads"),
        ("import mlnet {nowhere} --out {new}", "nowhere"), ("import mlnet {notes} --out {new}", "no ONNX model"), ("import mlnet {weights} --out {new} --key-map {notes}", "--key-map"),
        ("import virtex {weights} --out {new}", "weights"), ("import virtex {weights} --image-size 32 --out {new}", "--image-size"),
        ("export {nowhere} --out {new}.onnx", "nowhere"), ("export {encoder} --out {new}", "ending"), ("export {encoder} --out {new}.docx", ".docx"), ("export {encoder} --out {encoder}/encoder.json", "ending"),
        ("export {encoder} --out {dataset}/x.onnx", "a prepared dataset"), ("export {encoder} --out {new}.onnx --heads {nowhere}", "nowhere"), ("export {encoder} --out {new}.onnx --head x", "without heads"), ("export {encoder} --out {new}.onnx --int8 {nowhere}", "nowhere"),
        ("export {encoder} --out {new}.onnx --count 0", "--count"), ("export {encoder} --out {encoder}/encoder.safetensors", "is there already"), ("export {encoder} --captioner --out {new}", "decoder"), ("export {run} --captioner --out {foreign}", "foreign"),
        ("predict {nowhere}.onnx {pictures} --out {new}.csv", "nowhere"), ("predict {encoder} {pictures} --out {new}.csv", "--heads"), ("predict {encoder} {pictures} --out {new}.xls", ".xls"), ("predict {encoder} {pictures} --out {table}", "table.csv"),
        ("predict {encoder} {pictures} --out {dataset}/p.csv --force", "a prepared dataset"), ("predict {encoder} {pictures} --out {new}.csv --batch-size 0", "--batch-size"), ("predict {encoder} {pictures} --out {empty}", "ending"),
        ("predict {encoder} {pictures} --out {new}.csv --heads {nowhere}", "nowhere"), ("predict {notes} {pictures} --out {new}.csv", "notes.txt"), ("predict {encoder}", "INPUT"),

        // evaluate, recalibrate
        ("evaluate {nowhere}.onnx {dataset} --out {new}", "nowhere"), ("evaluate {encoder} {dataset} --out {foreign}", "foreign"), ("evaluate {encoder} {dataset} --out {dataset}/e", "a prepared dataset"), ("evaluate {encoder} {dataset}", "--out"),
        ("evaluate {encoder} {dataset} --out {new} --prevalence 0,05", "--prevalence '0,05'"), ("evaluate {encoder} {dataset} --out {empty}", "output"), ("evaluate {encoder} {dataset} --out {new}", "heads"),
        ("recalibrate {encoder} {dataset} --out {new}.onnx", "--label"), ("recalibrate {encoder} {dataset} --label Stripes --out {dataset}/m.onnx", "a prepared dataset"), ("recalibrate {encoder} {dataset} --label Stripes --out {notes}", "notes.txt"),
        ("recalibrate {nowhere}.onnx {dataset} --label Stripes --out {new}.onnx --sensitivity NaN", "--sensitivity 'NaN'"),

        // read, score, selfcheck, quickstart, reproduce
        ("read {nowhere} {pictures}", "nowhere"), ("read {run} {nowhere}", "nowhere"), ("read {run} {pictures} --out {new}.docx", "docx"), ("read {run} {pictures} --out {table}", "table.csv"), ("read {run} {pictures} --out {dataset}/a.html", "a prepared dataset"),
        ("read {run} {pictures} --nucleus 0,1", "--nucleus '0,1'"), ("read {run} {pictures} --nucleus 2", "--nucleus"), ("read {run} {pictures} --beams 0", "--beams"), ("read {run} {pictures} --beams 1e9", "--beams '1e9'"), ("read {run} {pictures} --max-tokens 0", "--max-tokens"),
        ("read {run} {pictures} --length-power -1", "--length-power"), ("read {run} {pictures} --decoding wild", "wild"), ("read {run} {pictures} --limit 0", "--limit"), ("read {run} {pictures} --map heat", "heat"), ("read {encoder} {pictures}", "decoder"),
        ("score {run} {nowhere}", "nowhere"), ("score {run} {reports} --limit -1", "--limit"), ("score {run} {reports} --out {table}", "table.csv"), ("score {run} {reports} --phantoms {nowhere}", "nowhere"), ("score {run} {reports} --split side", "side"),
        ("selfcheck {nowhere}", "nowhere"), ("selfcheck {notes}", "notes.txt"), ("selfcheck {nowhere} --precision fp8", "fp8"), ("selfcheck {nowhere} --device cuda:x", "--device"),
        ("quickstart --out {foreign}", "foreign"), ("quickstart --out {notes}", "notes.txt"), ("quickstart --out {new} --pretraining-count 0", "pretrain"), ("quickstart --out {new} --labelled-count 5", "label"), ("quickstart --out {new} --pretraining-steps -4", "updates"),
        ("quickstart --out {new} --random-epochs 0", "epochs"), ("quickstart --out {empty}", "output"), ("reproduce table9 --config {nowhere}", "table9"), ("reproduce all --config {nowhere} --out {new}", "nowhere"), ("reproduce all --config {notes} --out {new}", "notes.txt"),
        ("reproduce all", "--config"),

        // A place where nobody can write, not even root
        ("embed {encoder} {dataset} --out /proc/radtex-out", "/proc/radtex-out"), ("embed {encoder} {pictures} --out /proc/radtex-out", "/proc/radtex-out"),
        ("transfer {encoder} {dataset} --labels Stripes --out /proc/radtex-out", "/proc/radtex-out"), ("inspect {dataset} --out /proc/radtex-out", "/proc/radtex-out"),
        ("sweep {dataset} --labels Stripes --init a=random:resnet18:16 --out /proc/radtex-out", "/proc/radtex-out"), ("phantoms --out /proc/radtex-out --count 2", "/proc/radtex-out"),
        ("prepare mimic-cxr-jpg {phantoms} --out /proc/radtex-out", "/proc/radtex-out"), ("pretrain {reports} --preset phantom --set training.batch_size=2 --out /proc/radtex-out", "/proc/radtex-out"),
        ("predict {encoder} {pictures} --out /proc/out.csv", "/proc/out.csv"), ("vocabulary {text} --out /proc/out.txt", "/proc/out.txt"), ("read {run} {pictures} --out /proc/out.json", "/proc/out.json"),
        ("verify {dataset} --list /proc/out.csv", "/proc/out.csv"), ("import state-dict {weights} --out /proc/radtex-out --scaling max --image-size 32", "/proc/radtex-out"), ("export {encoder} --out /proc/out.onnx", "/proc/out.onnx"),
        ("phantoms --contact-sheet /proc/out.png --count 2", "/proc/out.png"), ("quickstart --out /proc/radtex-out", "/proc/radtex-out"),
    ];
}
